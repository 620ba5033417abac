namespace Cache.Core;

/// <summary>What the source answered. Each of these is an answer; only an exception is a failure.</summary>
public enum FetchOutcome
{
    /// <summary>The source does not know the key.</summary>
    NotFound,

    /// <summary>The source has a value.</summary>
    Found,

    /// <summary>The source refuses access: what is cached must go, and staleness is no excuse to serve it.</summary>
    Denied,
}
