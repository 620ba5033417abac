namespace TenantManager.Contracts.Diagnostics;

/// <summary>What a process would answer a tenant's request on at this moment. Revision and state, never a value.</summary>
public sealed record TenantBasis
{
    /// <summary><see cref="Source"/>: this process's own memory.</summary>
    public const string L1 = "l1";

    /// <summary><see cref="Source"/>: the shared cache.</summary>
    public const string L2 = "l2";

    /// <summary>
    /// <see cref="Source"/>: the tenant-manager would be asked, so there is nothing that could be out of date, unless it does not answer:
    /// then <see cref="StaleRevision"/> is served.
    /// </summary>
    public const string Manager = "manager";

    /// <summary><see cref="Outcome"/>: the tenant would be served.</summary>
    public const string Found = "found";

    /// <summary><see cref="Outcome"/>: the tenant would be refused.</summary>
    public const string Denied = "denied";

    /// <summary><see cref="Outcome"/>: the tenant would be unknown.</summary>
    public const string NotFound = "not-found";

    /// <summary>The tenant's canonical id.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>The service that would answer.</summary>
    public string Service { get; init; } = string.Empty;

    /// <summary>Where the answer's basis would come from.</summary>
    public string Source { get; init; } = Manager;

    /// <summary>What the answer would be; null with <see cref="Manager"/>.</summary>
    public string? Outcome { get; init; }

    /// <summary>The revision of the configuration or of the denial, if it has one.</summary>
    public long? Revision { get; init; }

    /// <summary>
    /// With <see cref="Manager"/>: the revision in this process's memory that the tenant is served on while neither the shared cache nor the
    /// tenant-manager can be reached; null when it holds none.
    /// </summary>
    public long? StaleRevision { get; init; }

    /// <summary>The tenant's status there.</summary>
    public string? Status { get; init; }

    /// <summary>Where a process shows it.</summary>
    public static string Path(string tenant) => $"/diagnostics/tenants/{tenant}/basis";
}
