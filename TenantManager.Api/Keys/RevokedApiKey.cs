namespace TenantManager.Api.Keys;

/// <summary>A key that is refused from now on.</summary>
internal sealed record RevokedApiKey(string Id, string Name, string Status);
