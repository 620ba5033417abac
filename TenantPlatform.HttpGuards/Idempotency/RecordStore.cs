using System.Security.Cryptography;
using Cache.Core.Valkey;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>The records in Valkey.</summary>
/// <remarks>Safe for concurrent use. Calls are bounded by Valkey's own limits and not by the request: one that is given up may have taken effect.</remarks>
internal sealed class RecordStore(IdempotencyOptions options, TimeProvider time, IRecordProtector? protector = null, ICacheClient? valkey = null)
{
    private const int Attempts = 3;

    private ICacheClient Valkey => valkey ?? throw new CacheUnavailableException("There is no Valkey.");

    /// <summary>Takes a key, or tells what lies there.</summary>
    /// <returns>The key, held; or the record of who has, or had, it. Both null: it comes and goes, and is somebody else's at present.</returns>
    /// <exception cref="CacheUnavailableException">Valkey cannot say, or what lies there is not to be read.</exception>
    public async ValueTask<(HeldKey? Held, IdempotencyRecord? Other)> TakeAsync(string key, string fingerprint)
    {
        var mine = new IdempotencyRecord(IdempotencyRecord.Processing, fingerprint, RandomNumberGenerator.GetHexString(32, lowercase: true));
        var bytes = Seal(key, mine);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await Valkey.SetIfAbsentAsync(key, bytes, options.Lease))
                return (new HeldKey(Valkey, key, bytes, options, time), null);
            if (await Valkey.GetAsync(key) is { } there)
                return (null, Read(key, there));
        }

        return default;
    }

    /// <summary>The record of a request that was answered.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fingerprint">Of the request.</param>
    /// <param name="answer">The answer; null when it was too long to be kept.</param>
    public byte[] Completed(string key, string fingerprint, StoredAnswer? answer) =>
        Seal(key, new IdempotencyRecord(IdempotencyRecord.Complete, fingerprint, Holder: string.Empty, answer));

    private byte[] Seal(string key, IdempotencyRecord record)
    {
        var bytes = record.ToBytes();
        return protector is null ? bytes : protector.Protect(bytes, key);
    }

    private IdempotencyRecord Read(string key, byte[] there)
    {
        var bytes = there;
        if (protector is not null && !protector.TryUnprotect(there, key, out bytes))
            throw new CacheUnavailableException("An idempotency record was not sealed by this service, or with another key.");
        return IdempotencyRecord.TryRead(bytes!) ?? throw new CacheUnavailableException("An idempotency record cannot be read.");
    }
}
