namespace Cache.Core.Valkey.Ring;

/// <summary>What this process knows of one node. For the watch alone.</summary>
internal sealed class RingState(RingTerms terms)
{
    private const int MostSettled = 32;
    private readonly Queue<string> _settled = new();

    public RingHealth Health { get; } = new(terms);

    public RingUse Use { get; set; }

    /// <summary>Outages since which the node has not been emptied.</summary>
    public HashSet<string> Outages { get; } = new(StringComparer.Ordinal);

    /// <summary>Outages that are over, although somebody may still tell of them.</summary>
    public bool IsSettled(string outage) => _settled.Contains(outage, StringComparer.Ordinal);

    public void Settle()
    {
        foreach (var outage in Outages)
            _settled.Enqueue(outage);
        Outages.Clear();
        while (_settled.Count > MostSettled)
            _settled.Dequeue();
    }
}
