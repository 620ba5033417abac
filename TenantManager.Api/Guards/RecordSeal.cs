using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using TenantManager.Api.Security;
using TenantPlatform.HttpGuards.Idempotency;

namespace TenantManager.Api.Guards;

/// <summary>
/// Records of idempotency are sealed as a whole with the tenant-manager's own secret. An answer may hold an API key; and the pods share
/// that Valkey, so whoever may write there could otherwise have this service give an answer of his.
/// </summary>
internal sealed class RecordSeal(SecretProtector secrets) : IRecordProtector
{
    public byte[] Protect(byte[] record, string belongsTo) => secrets.Protect(record, belongsTo);

    public bool TryUnprotect(byte[] sealedRecord, string belongsTo, [NotNullWhen(true)] out byte[]? record)
    {
        try
        {
            record = secrets.UnprotectBytes(sealedRecord, belongsTo);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Of another secret or another key; or too short to be anything.
            record = null;
            return false;
        }
    }
}
