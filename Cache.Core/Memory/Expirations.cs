namespace Cache.Core.Memory;

/// <summary>How lifetimes are read and spread.</summary>
internal static class Expirations
{
    /// <summary>From here on a lifetime is the same as never expiring.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365 * 100);

    /// <summary>
    /// Shortens a lifetime by a random share of at most <paramref name="share"/>, so that entries written together do not
    /// expire together (D3). Never lengthens: a lifetime is a promise about staleness.
    /// </summary>
    public static TimeSpan Jittered(TimeSpan lifetime, double share) =>
        lifetime <= TimeSpan.Zero || share <= 0 ? lifetime : lifetime * (1 - (share * Random.Shared.NextDouble()));
}
