using System.Diagnostics.CodeAnalysis;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>Seals records before they lie in Valkey, for services whose answers hold secrets. Without one they lie there as JSON.</summary>
public interface IRecordProtector
{
    /// <summary>Encrypts a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="belongsTo">Its key: what is sealed for one must not open for another.</param>
    byte[] Protect(byte[] record, string belongsTo);

    /// <summary>Decrypts a record; false when it was not sealed here, or for another key.</summary>
    bool TryUnprotect(byte[] sealedRecord, string belongsTo, [NotNullWhen(true)] out byte[]? record);
}
