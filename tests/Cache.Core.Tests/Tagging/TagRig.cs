using System.Text.Json;
using Cache.Core.Coherence;
using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tagging;

/// <summary>Pods over one L2 with room for tags, and one source.</summary>
internal sealed class TagRig
{
    private const string Prefix = "cache:";

    public TagRig() => Client = new InMemoryCacheClient(Time);

    public FakeTimeProvider Time { get; } = new();

    public InMemoryCacheClient Client { get; }

    public Source Source { get; } = new();

    public static string Stored(string tag) => $"{Prefix}~tag~{tag}";

    public static FetchResult<string> Found(string value, params string[] tags) => FetchResult<string>.Found(value, options: new CacheEntryOptions { Tags = tags });

    public TieredCache Pod(ICoherence? coherence = null) => new(
        new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(Client, Prefix, new EnvelopeFormat(new JsonSerializers(JsonSerializerOptions.Web))), Time, coherence: coherence);

    /// <summary>The next fetches answer so.</summary>
    public void Answers(FetchResult<string> answer) => Source.Answer = _ => Task.FromResult(answer);

    public ValueTask<CacheLookup<string>> LookupAsync(TieredCache cache, string key, CacheEntryOptions? options = null) =>
        cache.GetOrFetchAsync(key, Source, static (source, stop) => source.AskAsync(stop), options);
}
