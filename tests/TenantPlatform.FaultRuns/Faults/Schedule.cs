namespace TenantPlatform.FaultRuns.Faults;

/// <summary>The faults of a run, by its seed alone. Consecutive seeds go through all kinds before any comes again.</summary>
internal static class Schedule
{
    private static readonly TimeSpan FirstStart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slot = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(3.5);

    /// <param name="seed">The seed.</param>
    /// <param name="length">How long the run takes.</param>
    /// <param name="pods">The pods' names.</param>
    /// <param name="kinds">The kinds to choose from.</param>
    public static IReadOnlyList<PlannedFault> Of(int seed, TimeSpan length, IReadOnlyList<string> pods, IReadOnlyList<Fault> kinds)
    {
        var slots = Math.Max(1, (int)((length - FirstStart) / Slot));
        var random = new Random(seed);
        return [.. Enumerable.Range(0, slots).Select(slot => Plan(slot, Kind(((long)seed * slots) + slot, kinds), pods, random))];
    }

    private static PlannedFault Plan(int slot, Fault kind, IReadOnlyList<string> pods, Random random)
    {
        var hold = ShortestHold + ((LongestHold - ShortestHold) * random.NextDouble());
        var start = FirstStart + (Slot * slot) + (TimeSpan.FromSeconds(1) * random.NextDouble());
        var dropsEvents = random.Next(4) == 0 && kind != FaultCatalog.EventsDropped;
        return new PlannedFault(kind, pods[random.Next(pods.Count)], start, hold, dropsEvents);
    }

    private static Fault Kind(long position, IReadOnlyList<Fault> kinds)
    {
        var round = (int)(position / kinds.Count);
        var order = kinds.ToArray();
        new Random(round).Shuffle(order);
        return order[position % kinds.Count];
    }
}
