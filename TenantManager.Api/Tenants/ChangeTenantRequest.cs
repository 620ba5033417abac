namespace TenantManager.Api.Tenants;

/// <summary>The body of <c>PATCH /v1/tenants/{tenant}</c>: absent fields stay as they are; metadata is replaced as a whole.</summary>
internal sealed record ChangeTenantRequest(string? Name = null, string? Tier = null, IReadOnlyDictionary<string, string>? Metadata = null);
