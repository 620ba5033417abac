namespace TenantManager.Contracts.Reference;

/// <summary>
/// Where reference data lies in Valkey: <c>reference-data:{kind}</c>, a <see cref="ReferenceSet"/> as JSON. The tenant-manager alone
/// writes there; everybody else reads.
/// </summary>
public static class ReferenceCache
{
    /// <summary>Put before the kind's name.</summary>
    public const string KeyPrefix = "reference-data:";

    /// <summary>How long a set lies there when nobody writes it anew.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
}
