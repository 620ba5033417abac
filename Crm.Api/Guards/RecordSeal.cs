using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Crm.Api.Encryption;
using TenantPlatform.HttpGuards.Idempotency;

namespace Crm.Api.Guards;

/// <summary>Answers that are kept for replays hold personal data: they lie in Valkey sealed, beside the id of the master key.</summary>
internal sealed class RecordSeal(MasterKeys masters) : IRecordProtector
{
    private const string Purpose = "idempotency";

    public byte[] Protect(byte[] record, string belongsTo)
    {
        if (!masters.TryDerive(masters.CurrentId, Purpose, out var key))
            throw new InvalidOperationException("The current master key is in the list.");
        var id = Encoding.ASCII.GetBytes(masters.CurrentId);
        return [(byte)id.Length, .. id, .. Envelope.Seal(key, record, belongsTo)];
    }

    public bool TryUnprotect(byte[] sealedRecord, string belongsTo, [NotNullWhen(true)] out byte[]? record)
    {
        record = null;
        if (sealedRecord.Length == 0 || sealedRecord.Length <= sealedRecord[0])
            return false;
        var id = Encoding.ASCII.GetString(sealedRecord, 1, sealedRecord[0]);
        try
        {
            record = masters.TryDerive(id, Purpose, out var key) ? Envelope.Open(key, sealedRecord.AsSpan(1 + sealedRecord[0]), belongsTo) : null;
        }
        catch (CryptographicException)
        {
            // Of another key, or of somebody who wrote into Valkey.
        }

        return record is not null;
    }
}
