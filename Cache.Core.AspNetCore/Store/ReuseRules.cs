namespace Cache.Core.AspNetCore.Store;

/// <summary>What a stored response says about its reuse.</summary>
[Flags]
internal enum ReuseRules
{
    None = 0,

    /// <summary>Never without the origin's word (<c>no-cache</c>).</summary>
    AlwaysValidate = 1,

    /// <summary>Never stale (<c>must-revalidate</c>, <c>proxy-revalidate</c>, <c>s-maxage</c>).</summary>
    NeverStale = 2,

    /// <summary>It does not change while it is fresh (RFC 8246).</summary>
    Immutable = 4,

    /// <summary>Fresh by heuristics only.</summary>
    Heuristic = 8,

    /// <summary>Its body was not whole when it came (206).</summary>
    Partial = 16,
}
