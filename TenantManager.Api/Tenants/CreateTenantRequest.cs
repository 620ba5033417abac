namespace TenantManager.Api.Tenants;

/// <summary>The body of <c>POST /v1/tenants</c>.</summary>
internal sealed record CreateTenantRequest(
    string? Name = null,
    string? Slug = null,
    string? Environment = null,
    string? Isolation = null,
    IReadOnlyDictionary<string, string>? Metadata = null,
    TenantOwner? Owner = null,
    string? Tier = null);
