namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>The tags of a series. Equal whatever their order.</summary>
internal sealed class TagSet : IEquatable<TagSet>
{
    private readonly int _hash;

    /// <param name="tags">The tags; the array becomes this set's own and is sorted.</param>
    public TagSet(TelemetryAttribute[] tags)
    {
        Array.Sort(tags, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        Tags = tags;
        var hash = default(HashCode);
        foreach (var tag in tags)
        {
            hash.Add(tag.Key, StringComparer.Ordinal);
            hash.Add(tag.Value);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>By key.</summary>
    public TelemetryAttribute[] Tags { get; }

    public bool Equals(TagSet? other) => other is not null && _hash == other._hash && Tags.AsSpan().SequenceEqual(other.Tags);

    public override bool Equals(object? obj) => Equals(obj as TagSet);

    public override int GetHashCode() => _hash;
}
