namespace TenantManager.Api.Keys;

/// <summary>What a key may be used for. None includes another, but <see cref="Admin"/>, which includes all.</summary>
[Flags]
internal enum ApiScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What a service must know to serve its tenants, their databases' passwords among it.</summary>
    Service = 1,

    /// <summary>Looking at tenants.</summary>
    Read = 2,

    /// <summary>Changing tenants and their associations.</summary>
    Write = 4,

    /// <summary>Everything, keys and the audit log too.</summary>
    Admin = 8,
}
