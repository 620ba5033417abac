namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>The idempotency key of a request.</summary>
internal enum KeyKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>One that was not used before.</summary>
    New,

    /// <summary>The one of the connection's first request.</summary>
    Same,
}
