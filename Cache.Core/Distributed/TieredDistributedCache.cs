using System.Buffers;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Formats;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Distributed;

/// <summary>
/// <see cref="IDistributedCache"/> over both tiers: a process reads its own writes, and others' as soon as the server has told of them.
/// </summary>
/// <remarks>
/// Safe for concurrent use. There is no source behind it, so nothing is guessed: while Valkey does not answer, what L1 holds and can prove is
/// served, and everything else throws <see cref="CacheUnavailableException"/>. A miss would tell a session that it has ended.
/// </remarks>
internal sealed class TieredDistributedCache : IBufferDistributedCache, IAsyncDisposable, IDisposable
{
    /// <summary>Stands for the empty key, which is one here and none in the tiers.</summary>
    private const string EmptyKey = "\0";

    private readonly TieredCache _cache;
    private readonly TimeProvider _time;
    private readonly long _largest;

    public TieredDistributedCache(
        TieredDistributedCacheOptions options,
        ICacheClient? client,
        string? encryptionKeys = null,
        ICoherence? coherence = null,
        TimeProvider? time = null,
        ILogger<TieredCache>? logger = null)
    {
        options.Validate();
        _time = time ?? TimeProvider.System;
        _largest = options.LargestValue.Bytes;
        var serializers = new Serializers();
        _cache = new TieredCache(
            new TieredCacheOptions
            {
                KeyPrefix = options.KeyPrefix,
                L1TimeToLive = options.L1TimeToLive,
                L1Capacity = options.L1Capacity,
                L1ByteCapacity = options.L1ByteCapacity,
                LargestL2Value = ByteSize.FromInt64(_largest + Overhead),
                StaleIfError = TimeSpan.Zero,
                ShareValues = true,
                Jitter = 0,
            },
            HybridSettings.None,
            serializers,
            client is null ? null : new ValkeyConfigCache(client, options.KeyPrefix, ValkeyConfigCache.Encrypted(new EnvelopeFormat(serializers), encryptionKeys)),
            _time,
            logger,
            coherence,
            isStore: true);
    }

    /// <summary>What envelope, encryption and header add to a value at most.</summary>
    private const int Overhead = 1024;

    public byte[]? Get(string key) => Wait(FindAsync(key, CancellationToken.None)) is { } entry ? [.. entry.Payload] : null;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
        await FindAsync(key, token).ConfigureAwait(false) is { } entry ? [.. entry.Payload] : null;

    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return Wrote(Wait(FindAsync(key, CancellationToken.None)), destination);
    }

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return Wrote(await FindAsync(key, token).ConfigureAwait(false), destination);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Wait(StoreAsync(key, new ReadOnlySequence<byte>(value), options, CancellationToken.None));
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        await StoreAsync(key, new ReadOnlySequence<byte>(value), options, token).ConfigureAwait(false);
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => Wait(StoreAsync(key, value, options, CancellationToken.None));

    public ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        StoreAsync(key, value, options, token);

    public void Refresh(string key) => Wait(FindAsync(key, CancellationToken.None));

    public async Task RefreshAsync(string key, CancellationToken token = default) => await FindAsync(key, token).ConfigureAwait(false);

    public void Remove(string key) => Wait(_cache.InvalidateAsync(NameOf(key)));

    public async Task RemoveAsync(string key, CancellationToken token = default) => await _cache.InvalidateAsync(NameOf(key), token).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    public void Dispose() => _cache.Dispose();

    private static string NameOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == 0 ? EmptyKey : key;
    }

    private static bool Wrote(DistributedEntry? entry, IBufferWriter<byte> destination)
    {
        if (entry is null)
            return false;
        destination.Write(entry.Payload);
        return true;
    }

    /// <summary>Finds an entry; one that slides has been read by that.</summary>
    private async ValueTask<DistributedEntry?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var name = NameOf(key);
        var (lookup, remaining, _) = await _cache.FindAsync<DistributedEntry>(name, cancellationToken).ConfigureAwait(false);
        if (lookup?.Value is not { } entry)
            return null;
        if (remaining is { } left)
            entry.Lives(left, _time);
        if (entry.IsRenewalDue(_time))
            await RenewAsync(name, entry, cancellationToken).ConfigureAwait(false);
        return entry;
    }

    private async ValueTask RenewAsync(string name, DistributedEntry entry, CancellationToken cancellationToken)
    {
        // Past its end by this process's clock: the server's, by which it lives, says when it goes.
        var life = entry.LifeFrom(_time.GetUtcNow());
        if (life <= TimeSpan.Zero || entry.Generation is not { } generation || !entry.TryBeginRenewal(life, _time))
            return;
        try
        {
            // Not there any more: replaced or removed after it was read, and this answer is one from before.
            await _cache.ExtendAsync(name, entry, life, entry.Payload.Length, generation, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            entry.FailRenewal();
            throw;
        }
    }

    private async ValueTask StoreAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken cancellationToken)
    {
        var name = NameOf(key);
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        if (value.Length > _largest)
        {
            throw new ArgumentException(
                $"The value has {value.Length} bytes, more than {_largest}: raise {nameof(TieredDistributedCacheOptions)}.{nameof(TieredDistributedCacheOptions.LargestValue)}.", nameof(value));
        }

        var now = _time.GetUtcNow();
        if (options.AbsoluteExpiration <= now)
            throw Past(nameof(DistributedCacheEntryOptions.AbsoluteExpiration), options.AbsoluteExpiration);
        var absolute = options.AbsoluteExpirationRelativeToNow is { } relative ? now + relative : options.AbsoluteExpiration;
        var entry = new DistributedEntry(value.ToArray(), SlidingWindow.Of(options.SlidingExpiration), absolute, options.SlidingExpiration is null ? null : FenceToken.New());
        var life = entry.LifeFrom(now);
        entry.Lives(life, _time);
        await _cache.PutAsync(name, entry, life, entry.Payload.Length, entry.Generation, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Named for the option, as other implementations do.</summary>
    private static ArgumentOutOfRangeException Past(string option, DateTimeOffset? end) =>
        new(option, end, "The end of the entry's life lies in the past: expected a time ahead.");

    /// <summary>The interface's synchronous half. What L1 answers waits for nothing; the rest holds its thread until Valkey has answered, or its time limit ends.</summary>
    private static T Wait<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task)
    {
        if (task.IsCompleted)
            task.GetAwaiter().GetResult();
        else
            task.AsTask().GetAwaiter().GetResult();
    }

    private sealed class Serializers : ICacheSerializers
    {
        private readonly DistributedEntrySerializer _entries = new();

        public IHybridCacheSerializer<T> For<T>() => (IHybridCacheSerializer<T>)(object)_entries;
    }
}
