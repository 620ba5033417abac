namespace Ledger.Benchmarks.Resolution;

/// <summary>How much of a tenant's request is done.</summary>
internal enum Pipeline
{
    /// <summary>The tenant's context is put in its place: neither token nor tenant is looked at.</summary>
    Pinned,

    /// <summary>The token is verified, then as <see cref="Pinned"/>.</summary>
    Verified,

    /// <summary>As the ledger does it: token, configuration, database pool.</summary>
    Resolved,
}
