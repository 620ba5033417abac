using System.Buffers;
using System.Text.Json;
using Cache.Core.Diagnostics;

namespace Cache.Core.Valkey;

/// <summary>A cache in Valkey: plain JSON under prefixed keys, shared by every process that uses the same prefix.</summary>
/// <remarks>Safe for concurrent use. A value that cannot be read is deleted and counts as a miss.</remarks>
public sealed class ValkeyConfigCache : IConfigCache
{
    private readonly ICacheClient _client;
    private readonly string _prefix;
    private readonly JsonSerializerOptions _json;

    /// <summary>Creates a cache over a client, which stays the caller's.</summary>
    /// <param name="client">The connection to Valkey.</param>
    /// <param name="keyPrefix">Put before every key.</param>
    /// <param name="json">How values look as JSON; web defaults when null.</param>
    public ValkeyConfigCache(ICacheClient client, string keyPrefix = "tm-config:", JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(keyPrefix);
        _client = client;
        _prefix = keyPrefix;
        _json = json ?? JsonSerializerOptions.Web;
    }

    /// <inheritdoc/>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        var stored = Stored(key);
        var bytes = await _client.GetAsync(stored, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
            return CacheResult<T>.Miss;
        try
        {
            return CacheResult<T>.Hit(new JsonCacheSerializer<T>(_json).Deserialize(new ReadOnlySequence<byte>(bytes)));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            CacheMetrics.Shared.Unreadable();
            await _client.DeleteAsync([stored], cancellationToken).ConfigureAwait(false);
            return CacheResult<T>.Miss;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        var stored = Stored(key);
        var buffer = new ArrayBufferWriter<byte>(1024);
        new JsonCacheSerializer<T>(_json).Serialize(value, buffer);
        await _client.SetAsync(stored, buffer.WrittenMemory, timeToLive, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default) =>
        await _client.DeleteAsync([Stored(key)], cancellationToken).ConfigureAwait(false);

    private string Stored(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _prefix + key;
    }
}
