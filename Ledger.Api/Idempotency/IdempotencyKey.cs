using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Ledger.Api.Errors;
using Npgsql;

namespace Ledger.Api.Idempotency;

/// <summary>
/// Makes a request take effect once, however often it is sent: the key is written in the same database transaction as the
/// effect, so there is never one without the other, and whoever comes second waits for the first to end.
/// </summary>
internal sealed class IdempotencyKey
{
    public const string Header = "X-Idempotency";
    public const string ReplayedHeader = "X-Idempotency-Replayed";
    private const int LongestKey = 255;
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
    /// <exception cref="LedgerException">The key is too long or holds other characters than visible ASCII.</exception>
    public static IdempotencyKey? Read<T>(HttpRequest request, Guid ledger, T body)
    {
        var key = request.Headers[Header].ToString();
        if (key.Length == 0)
            return null;
        if (key.Length > LongestKey || key.Any(c => c is < '!' or > '~'))
            throw LedgerErrors.InvalidField("Transaction", Header, $"must be 1 to {LongestKey} visible ASCII characters");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {JsonSerializer.Serialize(body, LedgerJson.Writing)}"));
        return new IdempotencyKey(ledger, key, Convert.ToHexStringLower(hash));
    }

    /// <summary>Takes the key for this request, or returns the answer that it was given before.</summary>
    /// <exception cref="LedgerException">The key was used with another request.</exception>
    public async Task<StoredAnswer?> TakeAsync(NpgsqlConnection connection)
    {
        await connection.ExecuteAsync("delete from idempotency_keys where created_at < now() - @Retention", new { Retention });
        var taken = await connection.ExecuteAsync(
            "insert into idempotency_keys (ledger_id, key, request_hash) values (@_ledger, @_key, @_hash) on conflict do nothing", new { _ledger, _key, _hash });
        if (taken == 1)
            return null;
        var earlier = await connection.QuerySingleAsync<StoredAnswer>(
            "select request_hash, status, answer from idempotency_keys where ledger_id = @_ledger and key = @_key", new { _ledger, _key });
        return earlier.RequestHash == _hash ? earlier : throw LedgerErrors.KeyInUse();
    }

    /// <summary>Keeps the answer for replays.</summary>
    public Task KeepAsync(NpgsqlConnection connection, int status, string answer) => connection.ExecuteAsync(
        "update idempotency_keys set status = @status, answer = @answer where ledger_id = @_ledger and key = @_key", new { _ledger, _key, status, answer });
}
