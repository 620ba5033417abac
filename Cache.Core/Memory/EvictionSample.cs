namespace Cache.Core.Memory;

/// <summary>Chooses which entry makes room: of a small sample, the one that would expire first.</summary>
internal static class EvictionSample
{
    private const int Size = 16;

    /// <summary>The victim's key, or null when nothing but <paramref name="keep"/> is left.</summary>
    public static string? Choose(IEnumerable<KeyValuePair<string, MemoryEntry>> entries, string keep)
    {
        string? victim = null;
        var earliest = long.MaxValue;
        var seen = 0;
        foreach (var (key, entry) in entries)
        {
            if (string.Equals(key, keep, StringComparison.Ordinal))
                continue;
            if (victim is null || entry.SoftExpiration < earliest)
                (victim, earliest) = (key, entry.SoftExpiration);
            if (++seen == Size)
                break;
        }

        return victim;
    }
}
