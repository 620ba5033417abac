namespace Cache.Core.Memory;

/// <summary>
/// Tags that most entries carry, and nothing else: kept once for the tier, so that such an entry needs no room for them and a hit
/// reads nothing of it for them that it would not read anyway.
/// </summary>
/// <remarks>Changed under the tier's lock, and read without it by whoever has an entry that was stored after the change.</remarks>
internal sealed class SharedTags
{
    /// <summary>How many there can be: one more each time that such a tag is removed. Entries that come then have room of their own.</summary>
    public const int Most = EntryHead.MostTagNumbers;

    private readonly ITagStamps?[] _stamps = new ITagStamps?[Most + 1];
    private int _count;

    /// <summary>Those with a number that an entry carries.</summary>
    public ITagStamps this[int number] => _stamps[number]!;

    /// <summary>The number under which these are kept; 0 when they are not.</summary>
    public byte NumberOf(ITagStamps tags)
    {
        if (!tags.AreCommon)
            return 0;
        for (var n = _count; n > 0; n--)
        {
            if (_stamps[n]!.AreSameAs(tags))
                return (byte)n;
        }

        // What has gone already must not use up the numbers.
        if (_count == Most || !tags.AreCurrent)
            return 0;
        _stamps[++_count] = tags;
        return (byte)_count;
    }
}
