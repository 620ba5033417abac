namespace TenantManager.Api.Diagnostics;

/// <summary>What calls are counted by.</summary>
/// <param name="Endpoint">The method and the path's pattern.</param>
/// <param name="Tenant">The tenant's canonical id; empty where there is none.</param>
/// <param name="SkipCache">Whether the caller asked past its caches, as revalidation does.</param>
internal readonly record struct CallKind(string Endpoint, string Tenant, bool SkipCache);
