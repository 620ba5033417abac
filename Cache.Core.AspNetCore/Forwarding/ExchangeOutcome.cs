using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>What an exchange with the origin has come to, as soon as it is known: an answer to pass on, one to serve from the store, or a failure.</summary>
internal sealed record ExchangeOutcome
{
    /// <summary>The origin's answer, its body still on its way; null when it is not passed on.</summary>
    public OriginResponse? Live { get; init; }

    /// <summary>What <see cref="Live"/> will be stored as, without its body; null when it will not be.</summary>
    public StoredResponse? Head { get; init; }

    /// <summary>The request's fields by which it was selected.</summary>
    public string[] Vary { get; init; } = [];

    /// <summary>The key of the variant that it is, where that is not the exchange's own.</summary>
    public string? Key { get; init; }

    /// <summary>The epoch of its variants, where it has any.</summary>
    public string? Epoch { get; init; }

    /// <summary>What is served from the store: found meanwhile, validated, or stale because the origin failed.</summary>
    public StoredResponse? Stored { get; init; }

    /// <summary>Whether it is served although the origin failed.</summary>
    public bool IsStaleOnError { get; init; }

    /// <summary>Why the answer is not stored.</summary>
    public string? Refusal { get; init; }

    /// <summary>The status with which the origin answered.</summary>
    public int? Status { get; init; }

    /// <summary>Another process has stored something meanwhile: look again.</summary>
    public bool IsElsewhere { get; init; }

    public Exception? Fault { get; init; }
}
