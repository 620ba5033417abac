namespace Cache.Core.AspNetCore.Store;

/// <summary>
/// What is kept here is bounded by its bytes. How many entries there may be is a bound beside that, which nobody sets, and must not come
/// before it.
/// </summary>
internal static class L1Bounds
{
    private const int Least = 100_000, Most = 16_000_000, BytesOfAnEntry = 1024;

    /// <summary>How many entries L1 may hold within so many bytes.</summary>
    public static int Entries(long bytes) => (int)Math.Clamp(bytes / BytesOfAnEntry, Least, Most);
}
