using System.Buffers;
using System.Text.Json;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Formats;
using Cache.Core.Tiered;

namespace Cache.Core.Valkey;

/// <summary>A cache in Valkey: plain JSON under prefixed keys, shared by every process that uses the same prefix.</summary>
/// <remarks>
/// Safe for concurrent use. A value that cannot be read is deleted and counts as a miss. Writing and invalidating go
/// through the keys' fences: they overtake every fetch that is under way in any process.
/// </remarks>
public sealed class ValkeyConfigCache : IConfigCache
{
    private static readonly TimeSpan FenceMargin = TimeSpan.FromMinutes(10);

    /// <summary>Creates a cache over a client, which stays the caller's.</summary>
    /// <param name="client">The connection to Valkey.</param>
    /// <param name="keyPrefix">Put before every key.</param>
    /// <param name="json">How values look as JSON; web defaults when null.</param>
    /// <param name="encryptionKeys">
    /// Encrypts values; see <see cref="ValkeyOptions.EncryptionKeys"/>. What is not encrypted is then not believed either. Null: plain JSON.
    /// </param>
    /// <exception cref="ValkeyConfigurationException">The keys cannot be read.</exception>
    public ValkeyConfigCache(
        ICacheClient client, string keyPrefix = TieredCacheOptions.DefaultKeyPrefix, JsonSerializerOptions? json = null, string? encryptionKeys = null)
        : this(client, keyPrefix, Encrypted(new PlainJsonFormat(json ?? JsonDefaults.Web), encryptionKeys))
    {
    }

    internal ValkeyConfigCache(ICacheClient client, string keyPrefix, IValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(keyPrefix);
        Client = client;
        KeyPrefix = keyPrefix;
        Format = format;
    }

    internal ICacheClient Client { get; }

    internal string KeyPrefix { get; }

    internal IValueFormat Format { get; }

    /// <inheritdoc/>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        var stored = StoredKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = await Client.GetAsync(stored, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
            return CacheResult<T>.Miss;
        var decoded = Format.Read<T>(stored, bytes);
        if (decoded.Fault is null)
            return CacheResult<T>.Hit(decoded.Value!);
        if (decoded.Fault == Decoded<T>.OtherKind)
            return CacheResult<T>.Miss;
        CacheMetrics.Shared.Unreadable(decoded.Fault);
        await Client.DeleteAsync([stored], cancellationToken).ConfigureAwait(false);
        return CacheResult<T>.Miss;
    }

    /// <summary>
    /// What a process that has nothing in its own memory would answer the key on. For observers: nothing changes in Valkey, a value that
    /// cannot be read stays where it is and is told of. Tags are not looked at.
    /// </summary>
    /// <param name="key">The key, without the prefix.</param>
    /// <param name="revisionOf">A value's revision; without it a value is believed whatever revision the fence has seen.</param>
    /// <param name="belongs">Whether a value is the key's; one that is not is a fault, <c>foreign</c>. Null: every value is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask<StoredAnswer<T>> PeekAsync<T>(
        string key, Func<T, long?>? revisionOf = null, Func<T, bool>? belongs = null, CancellationToken cancellationToken = default)
    {
        var stored = StoredKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        var note = await Client.Fence.PeekAsync(stored, cancellationToken).ConfigureAwait(false);
        if (note.Value is not { } bytes)
            return WithoutValue(fault: null);
        if (bytes.Length > TieredCacheOptions.DefaultLargestL2Value)
            return WithoutValue("oversized");
        var decoded = Format.Read<T>(stored, bytes);
        if (decoded.Fault is { } fault)
            return WithoutValue(fault == Decoded<T>.OtherKind ? null : fault);
        if (decoded.Value is { } read && belongs is not null && !belongs(read))
            return WithoutValue("foreign");
        var revision = decoded.Value is { } value ? revisionOf?.Invoke(value) : null;
        return note.Refuses(revision) is null
            ? new StoredAnswer<T> { Outcome = FetchOutcome.Found, Value = decoded.Value, Revision = revision }
            : WithoutValue(fault: null);

        // Who looks a key up deletes what it does not believe, and looks again.
        StoredAnswer<T> WithoutValue(string? fault) => note switch
        {
            { Denial: { } status } => new() { Outcome = FetchOutcome.Denied, Revision = note.DenialRevision, Status = status.Length == 0 ? null : status, Fault = fault },
            { IsAbsent: true } => new() { Outcome = FetchOutcome.NotFound, Fault = fault },
            _ => new() { Fault = fault },
        };
    }

    /// <inheritdoc/>
    /// <remarks>A key that was denied keeps its tombstone and refuses the value: only a fetch lifts it.</remarks>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        var stored = StoredKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        var buffer = new ArrayBufferWriter<byte>(1024);
        Format.Write(stored, value, [], buffer);
        var write = new FencedWrite(FenceToken.New(), Revision: null, timeToLive, FenceLife(timeToLive));
        await Client.Fence.PutAsync(stored, buffer.WrittenMemory, write, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        var stored = StoredKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        await Client.Fence.InvalidateAsync(stored, FenceLife(TimeSpan.Zero), cancellationToken).ConfigureAwait(false);
    }

    internal string StoredKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return KeyPrefix + key;
    }

    internal static IValueFormat Encrypted(IValueFormat format, string? encryptionKeys) =>
        EncryptionKeys.Parse(encryptionKeys) is { } keys ? new EncryptedFormat(format, keys) : format;

    private static TimeSpan FenceLife(TimeSpan timeToLive) => (timeToLive <= TimeSpan.Zero ? TimeSpan.FromDays(1) : timeToLive) + FenceMargin;
}
