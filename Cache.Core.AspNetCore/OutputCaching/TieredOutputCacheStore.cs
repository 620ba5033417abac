using System.Buffers;
using System.IO.Pipelines;
using Cache.Core.AspNetCore.Store;
using Cache.Core.Coherence;
using Cache.Core.Formats;
using Cache.Core.Tagging;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Cache.Core.AspNetCore.OutputCaching;

/// <summary>Pages of ASP.NET Core's output cache in both tiers, removed by their tags everywhere at once.</summary>
/// <remarks>
/// Safe for concurrent use. The pipeline looks a page up, renders it and stores it; a removal of its tags in between wins, in every process: what
/// is known of tags is noted before the look-up (<see cref="RenderingPolicy"/>). While Valkey is away each process goes on with its own pages, and nothing is thrown.
/// </remarks>
internal sealed class TieredOutputCacheStore : IOutputCacheBufferStore, IAsyncDisposable, IDisposable
{
    private readonly TieredCache _cache;
    private readonly IHttpContextAccessor? _requests;

    public TieredOutputCacheStore(
        TieredOutputCacheOptions options,
        ICacheClient? client,
        string? encryptionKeys = null,
        ICoherence? coherence = null,
        TimeProvider? time = null,
        ILogger<TieredCache>? logger = null,
        IHttpContextAccessor? requests = null)
    {
        options.Validate();
        _requests = requests;
        var serializers = new Serializers();
        _cache = new TieredCache(
            new TieredCacheOptions
            {
                KeyPrefix = options.KeyPrefix,
                L1TimeToLive = options.L1TimeToLive,
                L1Capacity = L1Bounds.Entries(options.L1ByteCapacity.Bytes),
                L1ByteCapacity = options.L1ByteCapacity,
                LargestL2Value = options.LargestL2Value,
                StaleIfError = TimeSpan.Zero,
                ShareValues = true,
                Jitter = 0,
            },
            HybridSettings.None,
            serializers,
            client is null ? null : new ValkeyConfigCache(client, options.KeyPrefix, ValkeyConfigCache.Encrypted(new EnvelopeFormat(serializers), encryptionKeys)),
            time,
            logger,
            coherence);
    }

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) is { } page ? [.. page] : null;

    public async ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (await FindAsync(key, cancellationToken) is not { } page)
            return false;
        await destination.WriteAsync(page, cancellationToken);
        return true;
    }

    public ValueTask SetAsync(string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SetAsync(key, new ReadOnlySequence<byte>(value), tags, validFor, cancellationToken);
    }

    public async ValueTask SetAsync(string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();

        // In this cache's words zero is for ever, which nobody means here.
        if (validFor <= TimeSpan.Zero)
            return;
        string[] carried = [.. tags.ToArray().Where(static tag => !string.IsNullOrWhiteSpace(tag)).Distinct(StringComparer.Ordinal)];
        await _cache.PutAsync(key, value.ToArray(), validFor, value.Length, carried, carried.Length == 0 ? null : Rendering?.Tags, cancellationToken);
    }

    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _cache.RemoveByTagAsync(tag, cancellationToken);
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    public void Dispose() => _cache.Dispose();

    /// <summary>What is known of tags, for a request that may render a page.</summary>
    public ValueTask<TagNote> NoteAsync(CancellationToken cancellationToken) => _cache.NoteTagsAsync(cancellationToken);

    /// <summary>What the present request has noted; null outside of the middleware.</summary>
    private Rendering? Rendering => _requests?.HttpContext?.Features.Get<Rendering>();

    private async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (lookup, _, isAway) = await _cache.FindAsync<byte[]>(key, cancellationToken);
        if (isAway)
            Rendering?.IsAlone();
        return lookup?.Value;
    }

    private sealed class Serializers : ICacheSerializers
    {
        private readonly BytesSerializer _bytes = new();

        public IHybridCacheSerializer<T> For<T>() => (IHybridCacheSerializer<T>)(object)_bytes;
    }
}
