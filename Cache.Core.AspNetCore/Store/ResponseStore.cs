using Cache.Core.AspNetCore.Purging;
using Cache.Core.Coherence;
using Cache.Core.Formats;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cache.Core.AspNetCore.Store;

/// <summary>
/// Stored responses in the two tiers: headers and bodies apart. Headers are fenced and coherent, so that what is invalidated anywhere is
/// served nowhere; bodies never change, are found only by their headers, and need neither.
/// </summary>
internal sealed class ResponseStore : IAsyncDisposable
{
    /// <summary>The share of L1 that headers may take.</summary>
    private const int HeadersShare = 4;

    private readonly TieredCache _entries;
    private readonly TieredCache _bodies;
    private readonly HttpCacheOptions _options;
    private readonly bool _isShared;
    private readonly long[] _changes = new long[1024];

    public ResponseStore(HttpCacheOptions options, IServiceProvider services)
    {
        options.Validate();
        _options = options;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = services.GetService<ILogger<TieredCache>>();
        var client = options.IsPrivate ? null : services.GetService<ICacheClient>();
        _isShared = client is not null;
        EntrySerializers serializers = new();
        var keys = services.GetService<ValkeyOptions>()?.EncryptionKeys;
        _entries = Create(EntriesPrefix(options), options.L1ByteCapacity.Bytes / HeadersShare, client is null ? null : services.GetService<ICoherence>());
        _bodies = Create(options.KeyPrefix + "body:", options.L1ByteCapacity.Bytes / HeadersShare * (HeadersShare - 1), coherence: null);

        TieredCache Create(string prefix, long bytes, ICoherence? coherence) => new(
            new TieredCacheOptions
            {
                KeyPrefix = prefix,
                L1Capacity = L1Bounds.Entries(bytes),
                L1ByteCapacity = ByteSize.FromInt64(Math.Max(1, bytes)),
                L1TimeToLive = options.L1TimeToLive,
                L2TimeToLive = options.LongestKept,
                FetchTimeout = options.FetchTimeout,
                StaleIfError = TimeSpan.FromHours(1),
                Jitter = 0,
            },
            HybridSettings.None,
            serializers,
            client is null ? null : new ValkeyConfigCache(client, prefix, ValkeyConfigCache.Encrypted(new EnvelopeFormat(serializers), keys)),
            time,
            logger,
            coherence);
    }

    /// <summary>Of an answer that is not kept, and outdates nothing that is.</summary>
    public static CacheEntryOptions LeavingStored { get; } = new() { Skip = CacheSteps.FillL1 | CacheSteps.FillL2, LeavesStored = true };

    /// <summary>The prefix of what coherence watches.</summary>
    public static string EntriesPrefix(HttpCacheOptions options) => options.KeyPrefix + "entry:";

    /// <summary>Finds an entry in L1, without a text for its key.</summary>
    public StoredEntry? FindInL1(ReadOnlySpan<char> key) => _entries.TryGetL1<StoredEntry>(key, out var lookup) ? lookup.Value : null;

    /// <summary>Whether L1 has one that it may not serve as it is: too old for L1, or not proven any more.</summary>
    public bool HasUnproven(string key) => _isShared && _entries.HasStaleL1<StoredEntry>(key);

    /// <summary>Looks through both tiers. While L2 is away, L1 answers although its entry is past its life there (E3).</summary>
    public async ValueTask<(StoredEntry? Entry, CacheSource Source)> FindAsync(string key, CancellationToken cancellationToken) =>
        await _entries.TryGetOrStaleAsync<StoredEntry>(key, cancellationToken) is { Value: { } entry } lookup ? (entry, lookup.Source) : (null, CacheSource.L2);

    /// <summary>What L2 holds now, whatever L1 has; null when there is nothing, or no L2.</summary>
    public async ValueTask<StoredEntry?> FindInL2Async(string key, CancellationToken cancellationToken) =>
        _isShared ? (await _entries.TryGetAsync<StoredEntry>(key, new CacheEntryOptions { Skip = CacheSteps.ReadL1 }, cancellationToken))?.Value : null;

    /// <summary>Fetches under the key's fence and lease: one process at a time, and nothing is kept that an invalidation has overtaken.</summary>
    /// <returns>The entry, and whether it came from the fetch.</returns>
    public async ValueTask<(StoredEntry? Entry, bool IsFetched)> FetchAsync<TState>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<StoredEntry>>> fetch, bool skipsStored)
    {
        var lookup = await _entries.GetOrFetchAsync(key, state, fetch, Call(key, skipsStored), CancellationToken.None);
        return (lookup.Value, lookup.Source == CacheSource.Fetch);
    }

    /// <summary>As <see cref="FetchAsync"/>, without waiting for anybody.</summary>
    public async ValueTask FetchAloneAsync<TState>(string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<StoredEntry>>> fetch) =>
        await _entries.RefreshAsync(key, state, fetch, Call(key, skipsStored: false), CancellationToken.None);

    /// <summary>Stores what is reached by another entry only, or is known to be newest.</summary>
    public ValueTask PutAsync(string key, StoredEntry entry, TimeSpan keptFor, CancellationToken cancellationToken) =>
        PutTaggedAsync(key, entry, Terms(entry, keptFor), cancellationToken);

    /// <summary>Removes whatever carries all of the tags, everywhere, and tells what began before from what begins after.</summary>
    public async ValueTask PurgeAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await _entries.RemoveByTagsAsync(tags, cancellationToken);
        await _entries.SetAsync(PurgeKey, NewPurge(), PurgeTerms, CancellationToken.None);
    }

    /// <summary>Stands for the last purge in any process: another one for each.</summary>
    public async ValueTask<string?> LastPurgeAsync()
    {
        try
        {
            var last = await _entries.GetOrFetchAsync(PurgeKey, 0, static (_, _) => ValueTask.FromResult(FetchResult<StoredEntry>.Found(NewPurge())), PurgeTerms, CancellationToken.None);
            return last.Value?.Variants?.Epoch;
        }
        catch (TimeoutException)
        {
            // What is not known matches nothing: an exchange is not joined.
            return null;
        }
    }

    /// <summary>Removes a resource, its variants with it, from every process, ahead of every fetch that is under way.</summary>
    public ValueTask InvalidateAsync(string key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Changes(key));
        return _entries.InvalidateAsync(key, cancellationToken);
    }

    /// <summary>Whether other processes share what is stored here.</summary>
    public bool IsShared => _isShared;

    /// <summary>How often this process has invalidated the key, or one that shares its counter.</summary>
    public long ChangesOf(string key) => Volatile.Read(ref Changes(key));

    /// <summary>How an entry is kept. It outlives its time in L1 for when L2 is away.</summary>
    public CacheEntryOptions Terms(StoredEntry entry, TimeSpan keptFor)
    {
        var inL1 = _isShared && _options.L1TimeToLive < keptFor ? _options.L1TimeToLive : keptFor;
        return new CacheEntryOptions
        {
            L1TimeToLive = inL1,
            L2TimeToLive = keptFor,
            StaleIfError = keptFor - inL1,
            Tags = entry.Response is { } tagged ? SurrogateKeys.Of(tagged.Fields) : [],
            Size = entry.Response is { } response ? StorableFields.Weight(response.Fields) + 256 : 256,
        };
    }

    public async ValueTask PutPieceAsync(string key, byte[] piece, TimeSpan keptFor, CancellationToken cancellationToken)
    {
        // Longer than its header, which may be read a moment before it goes.
        var life = keptFor + TimeSpan.FromMinutes(1);
        await _bodies.SetAsync(key, piece, new CacheEntryOptions { L1TimeToLive = life, L2TimeToLive = life, Size = piece.Length }, cancellationToken);
    }

    public byte[]? FindPieceInL1(string key) => _bodies.TryGetL1<byte[]>(key, out var lookup) ? lookup.Value : null;

    public async ValueTask<byte[]?> FindPieceAsync(string key, CancellationToken cancellationToken) =>
        (await _bodies.TryGetAsync<byte[]>(key, BodyTerms, cancellationToken))?.Value;

    public async ValueTask DisposeAsync()
    {
        await _entries.DisposeAsync();
        await _bodies.DisposeAsync();
    }

    private ref long Changes(string key) => ref _changes[(uint)string.GetHashCode(key, StringComparison.Ordinal) % (uint)_changes.Length];

    private ValueTask PutTaggedAsync(string key, StoredEntry entry, CacheEntryOptions terms, CancellationToken cancellationToken) =>
        _entries.SetAsync(key, entry, terms with { Tags = [.. ResourceTags.Of(key), .. terms.Tags ?? []] }, cancellationToken);

    private static CacheEntryOptions Call(string key, bool skipsStored) => new()
    {
        Skip = skipsStored ? CacheSteps.ReadL1 | CacheSteps.ReadL2 : CacheSteps.None,
        Tags = ResourceTags.Of(key),
    };

    private static StoredEntry NewPurge() => StoredEntry.Of(new VariantIndex(VariantIndex.NewEpoch(), [], []));

    /// <summary>No resource's: those begin otherwise.</summary>
    private const string PurgeKey = "purge";

    private static readonly CacheEntryOptions PurgeTerms = new() { Size = 256 };

    // Within what remains of its life in L2.
    private static readonly CacheEntryOptions BodyTerms = new() { L1TimeToLive = TimeSpan.FromHours(1) };

    private sealed class EntrySerializers : ICacheSerializers
    {
        private readonly StoredEntrySerializer _entries = new();
        private readonly BytesSerializer _bytes = new();

        public Microsoft.Extensions.Caching.Hybrid.IHybridCacheSerializer<T> For<T>() =>
            (Microsoft.Extensions.Caching.Hybrid.IHybridCacheSerializer<T>)(typeof(T) == typeof(StoredEntry) ? _entries : (object)_bytes);
    }
}
