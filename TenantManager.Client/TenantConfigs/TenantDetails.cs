namespace TenantManager.Client.TenantConfigs;

/// <summary>A tenant as the tenant-manager describes it.</summary>
/// <param name="Id">Its canonical id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Slug">Its short name.</param>
/// <param name="Status">Its status.</param>
/// <param name="Metadata">Free text by key.</param>
public sealed record TenantDetails(string Id, string? Name, string? Slug, string? Status, IReadOnlyDictionary<string, string>? Metadata);
