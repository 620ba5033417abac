namespace TenantPlatform.LocalServers;

/// <summary>The last lines that a server wrote, to say why it did not start. Safe for concurrent use.</summary>
internal sealed class OutputTail(Action<string>? next)
{
    private const int Limit = 20;
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Limit)
                _lines.Dequeue();
        }

        next?.Invoke(line);
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Join(Environment.NewLine, _lines);
    }
}
