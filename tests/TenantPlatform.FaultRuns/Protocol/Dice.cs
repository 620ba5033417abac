namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>Chance, by a seed. Safe for concurrent use; the order in which concurrent parts throw is not the seed's.</summary>
internal sealed class Dice(int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    /// <summary>Whether something of this probability happens.</summary>
    public bool Falls(double probability) => Next() < probability;

    public TimeSpan Between(double leastMilliseconds, double mostMilliseconds) =>
        TimeSpan.FromMilliseconds(leastMilliseconds + ((mostMilliseconds - leastMilliseconds) * Next()));

    public int Below(int bound) => (int)(bound * Next());

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    private double Next()
    {
        lock (_lock)
            return _random.NextDouble();
    }
}
