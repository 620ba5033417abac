namespace TenantManager.Api.Diagnostics;

/// <summary>How many calls of one kind were answered, and by which status.</summary>
internal sealed record CallCount(string Endpoint, string Tenant, bool SkipCache, long Count, IReadOnlyDictionary<string, long> Statuses);
