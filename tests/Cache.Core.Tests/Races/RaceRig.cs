using System.Globalization;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>
/// Pods over one real Valkey and one source. A value that is a number is its own revision; other values have none.
/// Pushes arrive when the test says so, unless a pod gets a real channel.
/// </summary>
public abstract class RaceRig(ValkeyFixture valkey) : IAsyncLifetime
{
    protected const string Key = "k";

    private readonly ValkeyClients _clients = new(valkey);

    internal Source Source { get; } = new();

    internal FakeTimeProvider Time { get; } = new();

    internal string Prefix { get; } = ValkeyFixture.NewPrefix();

    /// <summary>The key as Valkey knows it.</summary>
    internal string Stored => Prefix + Key;

    internal ICacheClient Client => _clients.Client;

    internal IPubSub PubSub => _clients.PubSub;

    protected ValkeyFixture Valkey => valkey;

    public virtual Task InitializeAsync() => valkey.EnsureRunningAsync();

    public virtual async Task DisposeAsync() => await _clients.DisposeAsync();

    internal static FetchResult<string> Found(string value) => FetchResult<string>.Found(value, RevisionOf(value));

    internal static FetchResult<string> Suspended(long? revision) => FetchResult<string>.Denied("suspended", revision);

    /// <summary>Invalidates a key that shares its epoch with <see cref="Key"/>, as often as it takes to refuse fills of both.</summary>
    internal static async Task DisturbAsync(Pod pod)
    {
        var epochs = new EpochTable();
        epochs.Move(KeyHash.Of(Key));
        var neighbour = Enumerable.Range(0, int.MaxValue)
            .Select(n => n.ToString(CultureInfo.InvariantCulture))
            .First(name => epochs.Note(KeyHash.Of(name)) != 0);
        for (var n = 0; n < EpochTable.Remembered; n++)
            await pod.Cache.InvalidateAsync(neighbour);
    }

    internal Pod NewPod(ICoherence? channel = null, bool onFakeTime = false, int capacity = 1000)
    {
        var fence = new HeldFence(Client.Fence);
        channel ??= new FakeCoherence();
        var options = new TieredCacheOptions { Jitter = 0, RevisionOf = value => RevisionOf(value as string), L1Capacity = capacity };
        return new Pod(
            new TieredCache(options, new ValkeyConfigCache(new ClientWithFence(Client, fence), Prefix), onFakeTime ? Time : null, coherence: channel),
            fence,
            channel);
    }

    internal void Answers(FetchResult<string> answer) => Source.Answer = _ => Task.FromResult(answer);

    internal void Fails() => Source.Answer = _ => throw new HttpRequestException("the source is away");

    internal Task<CacheLookup<string>> Look(Pod pod) => Source.LookupAsync(pod.Cache, Key).AsTask();

    /// <summary>Asks the source past both tiers, as revalidation does.</summary>
    internal Task<CacheLookup<string>> Revalidate(Pod pod) => Source.RefreshAsync(pod.Cache, Key).AsTask();

    internal async Task<string?> StoredAsync() => (string?)await valkey.ExecuteAsync("GET", Stored);

    /// <summary>A promoted replica that had not heard of the last writes: the old value is there, and no fence.</summary>
    internal async Task FailOverToAsync(string value)
    {
        await valkey.ExecuteAsync("DEL", FenceKeys.Fence(Stored), FenceKeys.Lease(Stored));
        await valkey.ExecuteAsync("SET", Stored, $"\"{value}\"", "PX", "3600000");
    }

    private static long? RevisionOf(string? value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
