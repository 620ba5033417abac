namespace Cache.Core.Fencing;

/// <summary>The names that belong to a value's key. All three share the value's cluster slot, while the value's key stays as it is.</summary>
internal static class FenceKeys
{
    public static string Fence(string key) => Beside("fence:", key);

    public static string Lease(string key) => Beside("lease:", key);

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
