using Cache.Core.Coherence;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>Whole caches as services register them, over a real server that others write to and that fails.</summary>
public sealed class PodsTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly Source _source = new();

    public Task InitializeAsync() => valkey.EnsureRunningAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ForeignWriteDeleteAndFlush_AreSeenByL1()
    {
        await using var pod = await StartAsync();
        await valkey.ExecuteAsync("SET", _prefix + "k", "\"one\"");
        await InL1Async(pod, "one");

        await valkey.ExecuteAsync("SET", _prefix + "k", "\"two\"");
        await InL1Async(pod, "two");
        Assert.Equal(0, _source.Calls);

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("three"));
        await valkey.ExecuteAsync("DEL", _prefix + "k");
        await InL1Async(pod, "three");
        Assert.Equal(1, _source.Calls);

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("four"));
        await valkey.FlushAsync();
        await InL1Async(pod, "four");
    }

    [Fact]
    public async Task ForeignExpiry_CapsTheLifeInL1()
    {
        await using var pod = await StartAsync();
        await valkey.ExecuteAsync("SET", _prefix + "k", "\"short\"", "PX", "300");
        Assert.Equal("short", (await _source.LookupAsync(Cache(pod), "k")).Value);

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("long"));

        await InL1Async(pod, "long");
    }

    [Fact]
    public async Task OtherPodsWriteAndInvalidation_AreSeenByL1()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("one"));
        await InL1Async(one, "one");
        await InL1Async(other, "one");
        Assert.Equal(1, _source.Calls);

        await Cache(one).SetAsync("k", "two", TimeSpan.FromHours(1));
        await InL1Async(other, "two");
        await InL1Async(one, "two");

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("three"));
        await Cache(other).InvalidateAsync("k");
        await InL1Async(one, "three");
        await InL1Async(other, "three");
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task OwnFills_AreNotFetchedAgainForTheirEchoes()
    {
        await using var pod = await StartAsync();
        for (var i = 0; i < 50; i++)
            await _source.LookupAsync(Cache(pod), $"k{i}");

        await Eventually.HoldsAsync("all in L1", () => Task.FromResult(Enumerable.Range(0, 50).All(i => Cache(pod).TryPeekL1<string>($"k{i}", out _)
            || LookUp(pod, $"k{i}").IsCompletedSuccessfully)));
        Assert.Equal(50, _source.Calls);
        Assert.Equal(50, Cache(pod).L1Count);
    }

    [Fact]
    public async Task KilledConnection_WithAChangeAtThatMoment_LeavesNothingStale()
    {
        await using var pod = await StartAsync(lease: "2000");

        // The source knows what is written: on a slow machine a look-up may find Valkey away, ask it, and write the answer.
        var written = string.Empty;
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found(written));
        for (var round = 0; round < 5; round++)
        {
            await WriteAsync($"before {round}");
            await KillChannelAsync();
            await WriteAsync($"after {round}");
        }

        async Task WriteAsync(string value)
        {
            written = value;
            await valkey.ExecuteAsync("SET", _prefix + "k", $"\"{value}\"");
            await InL1Async(pod, value);
        }
    }

    [Fact]
    public async Task PausedServer_LeaseRunsOut_SourceIsAsked()
    {
        await using var pod = await StartAsync(lease: "300", timeout: "300ms");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("one"));
        await InL1Async(pod, "one");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("two"));

        valkey.Server.Pause();
        await Eventually.HoldsAsync("unproven", () => !Cache(pod).TryPeekL1<string>("k", out _));
        var answer = await _source.LookupAsync(Cache(pod), "k");
        Assert.Equal("two", answer.Value);

        valkey.Server.Resume();
        await Eventually.HoldsAsync("proven", () => Coherence(pod).ProvenUntil > TimeProvider.System.GetTimestamp());
    }

    [Fact]
    public async Task RestartedEmptyServer_ComesBackProven()
    {
        await using var pod = await StartAsync(lease: "2000");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("one"));
        await InL1Async(pod, "one");

        await valkey.RestartEmptyAsync();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("two"));

        await InL1Async(pod, "two");
    }

    [Fact]
    public async Task Off_NoChannelIsOpened()
    {
        await using var pod = await StartAsync(mode: "off");

        Assert.Same(NoCoherence.Instance, Coherence(pod));
    }

    private static TieredCache Cache(ServiceProvider pod) => pod.GetRequiredService<TieredCache>();

    private static ICoherence Coherence(ServiceProvider pod) => pod.GetRequiredService<ICoherence>();

    private Task<CacheLookup<string>> LookUp(ServiceProvider pod, string key) => _source.LookupAsync(Cache(pod), key).AsTask();

    private async Task KillChannelAsync()
    {
        var channels = ((string)(await valkey.ExecuteAsync("CLIENT", "LIST"))!).Split('\n').Where(client => client.Contains(":coherence ", StringComparison.Ordinal));
        foreach (var channel in channels)
            await valkey.ExecuteAsync("CLIENT", "KILL", "ID", channel.Split(' ')[0]["id=".Length..]);
    }

    /// <summary>Waits until the value is what L1 serves, fresh and proven.</summary>
    private Task InL1Async(ServiceProvider pod, string value) =>
        Eventually.BecomesAsync(
            $"'{value}' in L1",
            () => LookUp(pod, "k"),
            answer => answer.Value == value && answer is { Source: CacheSource.L1, IsStale: false });

    /// <summary>Starts a pod. What was read before a loss is served for a lease, so where tests wait for that it is short. Only where the server does not answer are its limits short: what a busy machine makes late must not look like a loss.</summary>
    private async Task<ServiceProvider> StartAsync(string lease = "30000", string timeout = "60s", string? mode = null)
    {
        var configuration = ValkeyClients.Configuration(
            ("ConnectionStrings:valkey", valkey.ConnectionString),
            ("CACHE_READ_TIMEOUT", timeout),
            ("CACHE_WRITE_TIMEOUT", timeout),
            ("CACHE_DIAL_TIMEOUT", "10s"),
            ("CACHE_COHERENCE", mode),
            ("CACHE_COHERENCE_LEASE_MS", lease));
        var pod = new ServiceCollection()
            .AddLogging()
            .AddValkey(configuration)
            .AddTieredCache(options => (options.KeyPrefix, options.Format) = (_prefix, CacheFormat.PlainJson))
            .BuildServiceProvider();
        foreach (var service in pod.GetServices<IHostedService>())
            await service.StartAsync(default);
        await Eventually.HoldsAsync("proof", () => Cache(pod) is not null && Coherence(pod).ProvenUntil > TimeProvider.System.GetTimestamp());
        return pod;
    }
}
