using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using TenantPlatform.HttpGuards.Idempotency;

namespace TenantPlatform.HttpGuards.Tests.Hosting;

/// <summary>As little of a seal as shows who seals what, and for which key: one of the real kind is the service's.</summary>
internal sealed class XorSeal : IRecordProtector
{
    public byte[] Protect(byte[] record, string belongsTo) => [.. SHA256.HashData(Encoding.UTF8.GetBytes(belongsTo)), .. record.Select(one => (byte)(one ^ 0x5a))];

    public bool TryUnprotect(byte[] sealedRecord, string belongsTo, [NotNullWhen(true)] out byte[]? record)
    {
        var mark = SHA256.HashData(Encoding.UTF8.GetBytes(belongsTo));
        record = sealedRecord.AsSpan().StartsWith(mark) ? [.. sealedRecord.Skip(mark.Length).Select(one => (byte)(one ^ 0x5a))] : null;
        return record is not null;
    }
}
