using System.Globalization;
using System.Security.Cryptography;
using Cache.Core.Coherence;
using Cache.Core.Snapshots;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Snapshots;

/// <summary>Processes that come one after another, with one file, over one L2 and one source, both of which a test takes away. A value that is a number is its own revision.</summary>
public abstract class SnapshotRig : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("last-known-good-");

    internal FakeTimeProvider Time { get; } = new();

    internal InMemoryCacheClient Client { get; private set; }

    internal Source Source { get; } = new();

    internal LogCollector Logs { get; } = new();

    internal string Keys { get; set; } = NewKeys("k1");

    internal string File => Path.Combine(_directory.FullName, "kept", "snapshot");

    protected SnapshotRig() => Client = new InMemoryCacheClient(Time);

    public void Dispose()
    {
        Logs.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    internal static string NewKeys(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>A process that starts.</summary>
    internal TieredCache Start(Action<LastKnownGoodOptions>? configure = null, ICoherence? coherence = null, string prefix = "p:", bool hasL2 = true)
    {
        var kept = new LastKnownGoodOptions { Path = File, EncryptionKeys = Keys };
        configure?.Invoke(kept);
        var options = new TieredCacheOptions { Jitter = 0, KeyPrefix = prefix, LastKnownGood = kept, RevisionOf = value => RevisionOf(value as string) };
        return new TieredCache(options, hasL2 ? new ValkeyConfigCache(Client, prefix) : null, Time, Logs.CreateLogger<TieredCache>(), coherence);
    }

    internal void Answers(string value) => Source.Answer = _ => Task.FromResult(FetchResult<string>.Found(value, RevisionOf(value)));

    internal void Denies(long? revision = null) => Source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", revision));

    internal void SourceAway() => Source.Answer = _ => throw new HttpRequestException("the source is away");

    internal void BothAway()
    {
        SourceAway();
        Client.IsUnavailable = true;
    }

    /// <summary>Valkey is there again, and empty.</summary>
    internal void L2Anew() => Client = new InMemoryCacheClient(Time);

    internal Task<CacheLookup<string>> Look(TieredCache cache, string key = "k") => Source.LookupAsync(cache, key).AsTask();

    internal Task IsRefused(TieredCache cache, string key = "k") => Assert.ThrowsAsync<HttpRequestException>(() => Look(cache, key));

    /// <summary>Past the pause in which a source that has failed is left alone.</summary>
    internal void Rested() => Time.Advance(TimeSpan.FromSeconds(20));

    private static long? RevisionOf(string? value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
