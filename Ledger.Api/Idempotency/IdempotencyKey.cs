using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api.Errors;
using Ledger.Api.Storage;
using Npgsql;
using TenantPlatform.ServiceKit.Errors;

namespace Ledger.Api.Idempotency;

/// <summary>
/// Makes a request take effect once, however often it is sent: the key is locked and written in the same database transaction as
/// the effect, so there is never one without the other, and whoever comes second waits for the first to end.
/// </summary>
internal sealed class IdempotencyKey
{
    public const string Header = "X-Idempotency";
    public const string ReplayedHeader = "X-Idempotency-Replayed";

    /// <summary>The name by the IETF's draft, draft-ietf-httpapi-idempotency-key-header.</summary>
    public const string StandardHeader = "Idempotency-Key";
    private const int LongestKey = 256;
    private const int ClearEvery = 256;
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly Guid _ledger;
    private readonly string _key;
    private readonly string _hash;
    private bool _isOutdated;

    private IdempotencyKey(Guid ledger, string key, string hash)
    {
        _ledger = ledger;
        _key = key;
        _hash = hash;
    }

    /// <summary>The request's key; null when it has none.</summary>
    /// <exception cref="ApiException">The key is too long or holds other characters than visible ASCII.</exception>
    public static IdempotencyKey? Read<T>(HttpRequest request, Guid ledger, T body)
    {
        var key = Read(request.Headers);
        if (key.Length == 0)
            return null;
        if (key.Length > LongestKey || key.Any(c => c is < '!' or > '~'))
            throw ApiErrors.InvalidField("Transaction", Header, $"must be 1 to {LongestKey} visible ASCII characters");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {JsonSerializer.Serialize(body, LedgerJson.Writing)}"));
        return new IdempotencyKey(ledger, key, Convert.ToHexStringLower(hash));
    }

    /// <summary>
    /// Adds: wait until nobody else has the key, and read what stands there then. A lock, and not a row that is written now and again
    /// at the end: two versions of a row with two index entries each cost more than all the rest of the key.
    /// </summary>
    public void AddTake(NpgsqlBatch batch)
    {
        // Now and then, and before anything else is locked: who clears waits for nobody.
        if (Random.Shared.Next(ClearEvery) == 0)
        {
            batch.Add(
                """
                delete from idempotency_keys where (ledger_id, key) in
                    (select ledger_id, key from idempotency_keys where created_at < now() - $1 order by created_at limit 1000 for update skip locked)
                """,
                Batches.Of(Retention));
        }

        // Two keys of one hash wait for each other without need, and nothing worse.
        batch.Add("select from pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))", Batches.Of(_ledger), Batches.Of(_key));
        batch.Add(
            "select request_hash, status, answer, created_at < now() - $3 from idempotency_keys where ledger_id = $1 and key = $2",
            Batches.Of(_ledger),
            Batches.Of(_key),
            Batches.Of(Retention));
    }

    /// <summary>With the reader before the results of <see cref="AddTake"/>: the answer that the request was given before; null when the key is taken now.</summary>
    /// <exception cref="ApiException">The key was used with another request.</exception>
    public async Task<StoredAnswer?> ReadEarlierAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken); // the lock's
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;

        // One past its time may be used again, whether or not it has been cleared.
        _isOutdated = reader.GetBoolean(3);
        if (_isOutdated)
            return null;
        return reader.GetString(0) == _hash ? new StoredAnswer(reader.GetInt32(1), reader.GetString(2)) : throw LedgerErrors.KeyInUse();
    }

    /// <summary>
    /// Adds: keep the answer for replays. A key that stands there in spite of the lock fails the whole: then a pod of another version,
    /// which does not know the lock, was quicker.
    /// </summary>
    public void AddKeep(NpgsqlBatch batch, int status, string answer)
    {
        if (_isOutdated)
            batch.Add("delete from idempotency_keys where ledger_id = $1 and key = $2", Batches.Of(_ledger), Batches.Of(_key));
        batch.Add(
            "insert into idempotency_keys (ledger_id, key, request_hash, status, answer) values ($1, $2, $3, $4, $5)",
            Batches.Of(_ledger),
            Batches.Of(_key),
            Batches.Of(_hash),
            Batches.Of(status),
            Batches.Of(answer));
    }

    /// <summary>Whether that is what has failed.</summary>
    public static bool WasTaken(PostgresException error) =>
        error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idempotency_keys_pkey" };

    /// <summary>The key by either of its names.</summary>
    private static string Read(IHeaderDictionary headers)
    {
        var (ours, standard) = (headers[Header].ToString(), headers[StandardHeader].ToString());
        if (ours.Length > 0 && standard.Length > 0 && ours != standard)
            throw ApiErrors.InvalidField("Transaction", StandardHeader, $"differs from {Header}: send one of them, or the same in both");
        return ours.Length > 0 ? ours : standard;
    }
}
