namespace Cache.Core.AspNetCore.Freshness;

/// <summary>What may be done with a stored response.</summary>
internal enum Reuse
{
    /// <summary>It is served.</summary>
    Fresh,

    /// <summary>It is served, stale as it is, because the request takes it so.</summary>
    Stale,

    /// <summary>It is served, and validated in the background (RFC 5861, section 3).</summary>
    StaleWhileRevalidate,

    /// <summary>The origin is asked first.</summary>
    Validate,
}
