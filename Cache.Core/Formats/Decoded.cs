using Cache.Core.Tagging;

namespace Cache.Core.Formats;

/// <summary>A stored value, or why it cannot be read.</summary>
internal readonly record struct Decoded<T>
{
    /// <summary>The fault of a value that is sound and of another kind than the type asked for: not this caller's, and not to be deleted.</summary>
    public const string OtherKind = "kind";

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
