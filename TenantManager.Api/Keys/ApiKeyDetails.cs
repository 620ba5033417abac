namespace TenantManager.Api.Keys;

/// <summary>A key with when each of its texts was made and ends.</summary>
internal sealed record ApiKeyDetails(ApiKeyView Key, IReadOnlyList<ApiKeySecretView> Secrets);
