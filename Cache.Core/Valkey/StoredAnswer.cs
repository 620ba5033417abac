namespace Cache.Core.Valkey;

/// <summary>What a process that has nothing in its own memory would answer a key on, by what lies in L2 at a moment.</summary>
public readonly record struct StoredAnswer<T>
{
    /// <summary>The answer; null when L2 has none to give, so that the source would be asked.</summary>
    public FetchOutcome? Outcome { get; init; }

    /// <summary>The value, when found.</summary>
    public T? Value { get; init; }

    /// <summary>The revision of the value or of the denial, when there is one.</summary>
    public long? Revision { get; init; }

    /// <summary>Why the key is denied, when it is and the source said so.</summary>
    public string? Status { get; init; }

    /// <summary>
    /// Why what lies there as the value cannot be read, in a word such as <c>format</c>, <c>tampered</c> or <c>unencrypted</c>; null when
    /// it can, or nothing does. Who looks the key up deletes it.
    /// </summary>
    public string? Fault { get; init; }
}
