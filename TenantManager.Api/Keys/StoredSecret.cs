using Cache.Core;

namespace TenantManager.Api.Keys;

/// <summary>A secret with the key that it opens for, as the state has them.</summary>
internal sealed record StoredSecret(ApiKeyRow Key, ApiKeySecretRow Secret)
{
    private DateTime? ExpiresAt => Key.ExpiresAt is { } key && Secret.ExpiresAt is { } own ? (key < own ? key : own) : Key.ExpiresAt ?? Secret.ExpiresAt;

    /// <summary>What the cache is told of it. What is found lives no longer than the key does.</summary>
    public FetchResult<ApiKeyEntry> Answer(DateTimeOffset now)
    {
        if (Key.RevokedAt is not null)
            return FetchResult<ApiKeyEntry>.Denied(ApiKeyStatus.Revoked, Key.Revision);
        var left = ExpiresAt - now.UtcDateTime;
        if (left <= TimeSpan.Zero)
            return FetchResult<ApiKeyEntry>.Denied(ApiKeyStatus.Expired, Key.Revision);
        var entry = new ApiKeyEntry
        {
            Hash = Convert.ToHexStringLower(Secret.Hash),
            KeyId = Key.Id,
            Name = Key.Name,
            Scopes = ApiScopes.Parse(Key.Scopes) ?? ApiScope.None,
            Services = Key.Services,
            ExpiresAt = ExpiresAt is { } end ? new DateTimeOffset(end, TimeSpan.Zero) : null,
            Revision = Key.Revision,
        };
        return FetchResult<ApiKeyEntry>.Found(entry, Key.Revision, left is { } life ? Within(life) : null);
    }

    private static CacheEntryOptions Within(TimeSpan life) => new()
    {
        L1TimeToLive = life < ApiKeyCache.L1TimeToLive ? life : ApiKeyCache.L1TimeToLive,
        L2TimeToLive = life < ApiKeyCache.L2TimeToLive ? life : ApiKeyCache.L2TimeToLive,
    };
}
