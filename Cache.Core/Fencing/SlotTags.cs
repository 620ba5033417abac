using System.Globalization;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Fencing;

/// <summary>Hash tags by the slot of a cluster that they lie in, for keys that cannot be a tag themselves.</summary>
internal static class SlotTags
{
    // Made once, on the first key that needs it.
    private static readonly Lazy<string[]> Tags = new(FindTags);

    /// <summary>A hash tag that lies in the same slot as the key.</summary>
    public static string Beside(string key) => Tags.Value[ClusterSlot.Of(key)];

    /// <summary>The smallest number that lies in each slot.</summary>
    private static string[] FindTags()
    {
        var tags = new string[ClusterSlot.Count];
        for (int number = 0, missing = tags.Length; missing > 0; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            ref var tag = ref tags[ClusterSlot.Of(text)];
            if (tag is not null)
                continue;
            tag = text;
            missing--;
        }

        return tags;
    }
}
