using Cache.Core.Valkey.Ring;

namespace Cache.Core.Fencing;

/// <summary>The names that belong to a value's key. All three share the value's cluster slot, while the value's key stays as it is.</summary>
internal static class FenceKeys
{
    private const string FencePrefix = "fence:";
    private const string LeasePrefix = "lease:";

    /// <summary>Finds every fence in a scan.</summary>
    public const string EveryFence = FencePrefix + "*";

    public static string Fence(string key) => Beside(FencePrefix, key);

    public static string Lease(string key) => Beside(LeasePrefix, key);

    /// <summary>Whether a key of the server is a fence, a lease or what a ring's nodes keep about each other, and no value's.</summary>
    public static bool IsOne(string stored) =>
        stored.StartsWith(FencePrefix, StringComparison.Ordinal)
        || stored.StartsWith(LeasePrefix, StringComparison.Ordinal)
        || stored.StartsWith(RingKeys.Prefix, StringComparison.Ordinal);

    /// <summary>The value's keys that a fence belongs to: one, unless one key is another one in braces.</summary>
    public static IEnumerable<string> ValuesOf(string fence)
    {
        if (!fence.StartsWith(FencePrefix, StringComparison.Ordinal))
            return [];
        var rest = fence[FencePrefix.Length..];
        var close = rest.IndexOf('}', StringComparison.Ordinal);
        IEnumerable<string> possible = !rest.StartsWith('{') || close < 0 ? [rest]
            : close == rest.Length - 1 ? [rest, rest[1..^1]]
            : [rest, rest[(close + 1)..]];
        return possible.Where(key => key.Length > 0 && Fence(key) == fence);
    }

    /// <summary>
    /// A key with a hash tag of its own keeps it; any other key becomes the tag. One that holds a <c>}</c> cannot, because the tag
    /// would end there: a tag from its slot goes before it.
    /// </summary>
    private static string Beside(string kind, string key)
    {
        if (HasTag(key))
            return kind + key;
        return key.Contains('}', StringComparison.Ordinal) ? $"{kind}{{{SlotTags.Beside(key)}}}{key}" : $"{kind}{{{key}}}";
    }

    private static bool HasTag(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        return open >= 0 && key.IndexOf('}', open + 1) > open + 1;
    }
}
