namespace TenantManager.Api.CacheAdministration;

/// <summary>A page of keys in Valkey; it may be empty although there are more.</summary>
internal sealed record CacheKeyPage(IReadOnlyList<string> Items, int Limit, string? NextCursor);
