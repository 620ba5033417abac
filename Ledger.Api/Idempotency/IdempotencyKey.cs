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
/// Makes a request take effect once, however often it is sent: the key is written in the same database transaction as the
/// effect, so there is never one without the other, and whoever comes second waits for the first to end.
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

    /// <summary>Adds: take the key for this request, and read what stands there then.</summary>
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

        // One past its time may be used again, whether or not it has been cleared.
        batch.Add(
            """
            insert into idempotency_keys as known (ledger_id, key, request_hash) values ($1, $2, $3)
            on conflict (ledger_id, key) do update set request_hash = excluded.request_hash, status = null, answer = null, created_at = now()
                where known.created_at < now() - $4
            """,
            Batches.Of(_ledger),
            Batches.Of(_key),
            Batches.Of(_hash),
            Batches.Of(Retention));
        batch.Add("select request_hash, status, answer from idempotency_keys where ledger_id = $1 and key = $2", Batches.Of(_ledger), Batches.Of(_key));
    }

    /// <summary>With the reader at the result of <see cref="AddTake"/>: the answer that the request was given before; null when the key is taken now.</summary>
    /// <exception cref="ApiException">The key was used with another request.</exception>
    public StoredAnswer? ReadEarlier(DbDataReader reader)
    {
        if (reader.IsDBNull(1))
            return null;
        return reader.GetString(0) == _hash ? new StoredAnswer(reader.GetInt32(1), reader.GetString(2)) : throw LedgerErrors.KeyInUse();
    }

    /// <summary>Adds: keep the answer for replays.</summary>
    public void AddKeep(NpgsqlBatch batch, int status, string answer) => batch.Add(
        "update idempotency_keys set status = $3, answer = $4 where ledger_id = $1 and key = $2",
        Batches.Of(_ledger),
        Batches.Of(_key),
        Batches.Of(status),
        Batches.Of(answer));

    /// <summary>The key by either of its names.</summary>
    private static string Read(IHeaderDictionary headers)
    {
        var (ours, standard) = (headers[Header].ToString(), headers[StandardHeader].ToString());
        if (ours.Length > 0 && standard.Length > 0 && ours != standard)
            throw ApiErrors.InvalidField("Transaction", StandardHeader, $"differs from {Header}: send one of them, or the same in both");
        return ours.Length > 0 ? ours : standard;
    }
}
