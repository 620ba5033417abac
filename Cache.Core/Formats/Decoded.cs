using Cache.Core.Tagging;

namespace Cache.Core.Formats;

/// <summary>A stored value, or why it cannot be read.</summary>
internal readonly record struct Decoded<T>
{
    private Decoded(T? value, IReadOnlyList<TagStamp> tags, string? fault)
    {
        Value = value;
        Tags = tags;
        Fault = fault;
    }

    /// <summary>The value; meaningful without a fault only.</summary>
    public T? Value { get; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<TagStamp> Tags { get; }

    /// <summary>Why it cannot be read, in a word for a metric's label; null when it can.</summary>
    public string? Fault { get; }

    public static Decoded<T> Readable(T? value, IReadOnlyList<TagStamp>? tags = null) => new(value, tags ?? [], fault: null);

    public static Decoded<T> Unreadable(string fault) => new(value: default, [], fault);
}
