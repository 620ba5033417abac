using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using TenantManager.Api.Security;

namespace TenantManager.Api.Keys;

/// <summary>
/// Entries in Valkey are sealed with the tenant-manager's own secret: the pods share that Valkey, and whoever may write there could
/// otherwise write himself a key. What does not open is a miss.
/// </summary>
internal sealed class ApiKeyEntrySerializer(SecretProtector secrets) : IHybridCacheSerializer<ApiKeyEntry>
{
    private const string BelongsTo = "apikey";

    public ApiKeyEntry Deserialize(ReadOnlySequence<byte> source) => JsonSerializer.Deserialize<ApiKeyEntry>(secrets.Unprotect(source.ToArray(), BelongsTo))!;

    public void Serialize(ApiKeyEntry value, IBufferWriter<byte> target) => target.Write(secrets.Protect(JsonSerializer.Serialize(value), BelongsTo));
}
