using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;

namespace TenantManager.Api.Keys;

/// <summary>
/// What happens to a key. The order is always: state and audit in one transaction, then the tiers are told, and only then the
/// answer: whoever is told of a revocation can rely on the other instances having been told before, unless Valkey is away.
/// </summary>
internal sealed class ApiKeyLifecycle(StateDatabase database, ApiKeyCache cache, AuditTrail audit, CallerAccess callers, TimeProvider time)
{
    /// <summary>The most secrets of one key that may be valid at a time.</summary>
    private const int MostSecrets = 5;

    public Task<IssuedKey> CreateAsync(CreateApiKeyRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        CreateApiKeyRequest.Check(request, now);
        var id = ApiKeyText.NewId();
        var key = new ApiKeyRow
        {
            Id = id,
            Name = request.Name!,
            Scopes = ApiScopes.NamesOf(ApiScopes.Parse(request.Scopes)!.Value),
            Services = request.Services is null ? null : [.. request.Services.Distinct(StringComparer.Ordinal)],
            CreatedAt = now.UtcDateTime,
            CreatedBy = callers.Current.Actor,
            ExpiresAt = request.ExpiresAt?.UtcDateTime,
            Revision = 1,
        };
        return database.ChangeAsync(
            async connection =>
            {
                await ApiKeyStore.AddAsync(connection, key);
                var text = ApiKeyText.New(id);
                await ApiKeyStore.AddSecretAsync(connection, new ApiKeySecretRow { Hash = ApiKeyText.Hash(text), KeyId = id, CreatedAt = key.CreatedAt });
                await audit.AddAsync(connection, new AuditEntry(AuditActions.KeyCreated) { KeyId = id, StatusAfter = ApiKeyStatus.Active, RevisionAfter = key.Revision });
                return new IssuedKey(key, text);
            },
            cancellationToken);
    }

    /// <summary>Gives a key a new secret; those that it has end after the overlap, if not before.</summary>
    public async Task<IssuedKey> RotateAsync(string id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (issued, previous) = await database.ChangeAsync(
            async connection =>
            {
                var present = await ApiKeyStore.LockAsync(connection, id);
                if (present.StatusAt(now) != ApiKeyStatus.Active)
                    throw ApiErrors.WrongState("API key", present.StatusAt(now), "rotated");

                // Read before those that have ended go: the tiers are told of these too.
                var before = await ApiKeyStore.ListSecretsAsync(connection, id);
                var by = (now + overlap).UtcDateTime;
                await ApiKeyStore.EndSecretsAsync(connection, id, now.UtcDateTime, by);
                if (before.Count(secret => !(secret.ExpiresAt <= now.UtcDateTime)) >= MostSecrets && overlap > TimeSpan.Zero)
                    throw ApiErrors.WrongState("API key", $"valid with {MostSecrets} secrets", "rotated before one of them ends; rotate with 'overlapSeconds': 0 to end them now");
                var text = ApiKeyText.New(id);
                await ApiKeyStore.AddSecretAsync(connection, new ApiKeySecretRow { Hash = ApiKeyText.Hash(text), KeyId = id, CreatedAt = now.UtcDateTime });
                var rotated = await ApiKeyStore.BumpAsync(connection, present);
                await audit.AddAsync(connection, Entry(AuditActions.KeyRotated, present, rotated));
                var ended = before.Select(secret => new StoredSecret(rotated, secret with { ExpiresAt = secret.ExpiresAt < by ? secret.ExpiresAt : by }));
                return (new IssuedKey(rotated, text, now + overlap), ended.ToArray());
            },
            cancellationToken);
        await cache.TellAsync(previous);
        return issued;
    }

    /// <summary>Has a key refused by every instance, for good. Repeatable.</summary>
    public async Task<ApiKeyRow> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var (revoked, secrets) = await database.ChangeAsync(
            async connection =>
            {
                var present = await ApiKeyStore.LockAsync(connection, id);
                var row = present;
                if (present.RevokedAt is null)
                {
                    row = await ApiKeyStore.BumpAsync(connection, present with { RevokedAt = time.GetUtcNow().UtcDateTime });
                    await audit.AddAsync(connection, Entry(AuditActions.KeyRevoked, present, row));
                }

                return (row, await ApiKeyStore.ListSecretsAsync(connection, id));
            },
            cancellationToken);
        await cache.TellAsync(secrets.Select(secret => new StoredSecret(revoked, secret)));
        return revoked;
    }

    private AuditEntry Entry(string action, ApiKeyRow before, ApiKeyRow after) => new(action)
    {
        KeyId = after.Id,
        StatusBefore = before.StatusAt(time.GetUtcNow()),
        StatusAfter = after.StatusAt(time.GetUtcNow()),
        RevisionBefore = before.Revision,
        RevisionAfter = after.Revision,
    };
}
