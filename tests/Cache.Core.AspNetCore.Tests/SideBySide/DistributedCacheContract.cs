using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>What <see cref="IDistributedCache"/> is taken to promise: the same cases over Microsoft's Redis cache and over the two tiers, on a real Valkey.</summary>
public abstract class DistributedCacheContract(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    protected static DistributedCacheEntryOptions ForEver { get; } = new();
    private readonly List<IHost> _hosts = [];

    protected ValkeyFixture Valkey => valkey;

    protected string Prefix { get; } = ValkeyFixture.NewPrefix();

    protected IBufferDistributedCache Cache { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await valkey.EnsureRunningAsync();
        Cache = await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await valkey.EnsureRunningAsync();
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    [Fact]
    public async Task Get_OfWhatIsNotThere_IsNothing()
    {
        var buffer = new ArrayBufferWriter<byte>();

        Assert.Null(await Cache.GetAsync("nobody"));
        Assert.Null(Cache.Get("nobody"));
        Assert.False(await Cache.TryGetAsync("nobody", buffer));
        Assert.False(Cache.TryGet("nobody", buffer));
        Assert.Equal(0, buffer.WrittenCount);
        await Cache.RefreshAsync("nobody");
        Cache.Refresh("nobody");
        await Cache.RemoveAsync("nobody");
        Cache.Remove("nobody");
    }

    [Fact]
    public async Task Set_IsReadAtOnce_HoweverItIsRead()
    {
        await Cache.SetAsync("async", "one"u8.ToArray(), ForEver);
        Cache.Set("sync", "two"u8.ToArray(), ForEver);

        Assert.Equal("one"u8.ToArray(), Cache.Get("async"));
        Assert.Equal("one"u8.ToArray(), await Cache.GetAsync("async"));
        Assert.Equal("two"u8.ToArray(), Cache.Get("sync"));
        Assert.Equal("two"u8.ToArray(), await ReadAsync(Cache, "sync"));
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(Cache.TryGet("async", buffer));
        Assert.Equal("one"u8.ToArray(), buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public async Task Set_OfASequence_IsReadAsOne()
    {
        await Cache.SetAsync("async", Sequence("one", "two"), ForEver);
        Cache.Set("sync", Sequence("three", "four"), ForEver);

        Assert.Equal("onetwo"u8.ToArray(), await Cache.GetAsync("async"));
        Assert.Equal("threefour"u8.ToArray(), await ReadAsync(Cache, "sync"));
    }

    [Fact]
    public async Task Set_Again_Replaces_LifetimeAndAll()
    {
        await Cache.SetAsync("k", "one"u8.ToArray(), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        Assert.InRange(await LifeAsync("k"), 3_590_000, 3_600_000);

        await Cache.SetAsync("k", "two"u8.ToArray(), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(2) });

        Assert.Equal("two"u8.ToArray(), await Cache.GetAsync("k"));
        Assert.InRange(await LifeAsync("k"), 7_190_000, 7_200_000);
    }

    [Fact]
    public async Task Set_OfNoBytes_IsAValue()
    {
        await Cache.SetAsync("k", [], ForEver);

        Assert.Empty(Assert.IsType<byte[]>(await Cache.GetAsync("k")));
        Assert.True(await Cache.TryGetAsync("k", new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public async Task Key_MayBeEmpty()
    {
        await Cache.SetAsync(string.Empty, "nameless"u8.ToArray(), ForEver);

        Assert.Equal("nameless"u8.ToArray(), await Cache.GetAsync(string.Empty));
        await Cache.RemoveAsync(string.Empty);
        Assert.Null(await Cache.GetAsync(string.Empty));
    }

    [Fact]
    public async Task Set_OfMegabytes_IsReadInEveryProcess()
    {
        var large = new byte[4 * 1024 * 1024];
        new Random(1).NextBytes(large);
        await Cache.SetAsync("k", large, ForEver);

        Assert.Equal(large, await (await OpenAsync()).GetAsync("k"));
    }

    [Fact]
    public async Task Values_AreNobodysToChange()
    {
        byte[] given = [1, 2, 3];
        await Cache.SetAsync("k", given, ForEver);
        given[0] = 9;
        var first = await Cache.GetAsync("k");
        first![1] = 9;

        Assert.Equal([1, 2, 3], await Cache.GetAsync("k"));
        Assert.Equal([1, 2, 3], Cache.Get("k"));
    }

    [Fact]
    public async Task Remove_IsReadAtOnce()
    {
        await Cache.SetAsync("async", "one"u8.ToArray(), ForEver);
        await Cache.SetAsync("sync", "two"u8.ToArray(), ForEver);

        await Cache.RemoveAsync("async");
        Cache.Remove("sync");

        Assert.Null(await Cache.GetAsync("async"));
        Assert.Null(Cache.Get("sync"));
    }

    [Fact]
    public async Task WritesAndRemovals_OfAnotherProcess_AreRead()
    {
        var other = await OpenAsync();
        await Cache.SetAsync("k", "one"u8.ToArray(), ForEver);
        await ReadsAsync(other, "one");

        await other.SetAsync("k", "two"u8.ToArray(), ForEver);
        await ReadsAsync(Cache, "two");

        await Cache.RemoveAsync("k");
        await Eventually.HoldsAsync("the removal", async () => await other.GetAsync("k") is null);

        async Task ReadsAsync(IBufferDistributedCache cache, string text) =>
            await Eventually.HoldsAsync(text, async () => await cache.GetStringAsync("k") == text);
    }

    [Fact]
    public async Task Nulls_AreRefusedByName()
    {
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.GetAsync(null!))).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => Cache.Get(null!)).ParamName);
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.RefreshAsync(null!))).ParamName);
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.RemoveAsync(null!))).ParamName);
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SetAsync(null!, [], ForEver))).ParamName);
        await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SetAsync("k", null!, ForEver));
        Assert.Throws<ArgumentNullException>(() => Cache.Set("k", null!, ForEver));
        Assert.Equal("options", (await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SetAsync("k", [], null!))).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Cache.Set("k", [], null!)).ParamName);
    }

    [Fact]
    public async Task ACancelledToken_DoesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Cache.SetAsync("k", "one"u8.ToArray(), ForEver);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.SetAsync("k", "two"u8.ToArray(), ForEver, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.RemoveAsync("k", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.RefreshAsync("k", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cache.GetAsync("k", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Cache.TryGetAsync("k", new ArrayBufferWriter<byte>(), cancelled.Token));

        Assert.Equal("one"u8.ToArray(), await Cache.GetAsync("k"));
    }

    [Fact]
    public async Task AnEndThatHasPassed_IsRefusedByName()
    {
        var past = new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.UtcNow.AddSeconds(-1) };
        Assert.Equal("AbsoluteExpiration", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Cache.SetAsync("k", [1], past))).ParamName);
        Assert.Equal("AbsoluteExpiration", Assert.Throws<ArgumentOutOfRangeException>(() => Cache.Set("k", [1], past)).ParamName);

        past.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Cache.SetAsync("k", [1], past));
        Assert.Null(await Cache.GetAsync("k"));
    }

    [Fact]
    public async Task OfTwoEnds_TheRelativeOneCounts()
    {
        await Cache.SetAsync("k", [1], new() { AbsoluteExpiration = DateTimeOffset.UtcNow.AddHours(2), AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });

        Assert.InRange(await LifeAsync("k"), 3_590_000, 3_600_000);
    }

    /// <summary>All of these at the same time: they are waits.</summary>
    [Fact]
    public async Task Expirations_AreKept()
    {
        var window = TimeSpan.FromSeconds(2);
        await Task.WhenAll(
            EndsAsync("absolute", new() { AbsoluteExpiration = DateTimeOffset.UtcNow + window }),
            EndsAsync("relative", new() { AbsoluteExpirationRelativeToNow = window }),
            EndsAsync("unread", new() { SlidingExpiration = window }),
            LivesWhileReadAsync("read", async key => Assert.Equal([1], await Cache.GetAsync(key))),
            LivesWhileReadAsync("read into a buffer", async key => Assert.Equal([1], await ReadAsync(Cache, key))),
            LivesWhileReadAsync("refreshed", key => Cache.RefreshAsync(key)),
            LivesWhileReadAsync("refreshed synchronously", key => Task.Run(() => Cache.Refresh(key))),
            IsCappedAsync());

        async Task EndsAsync(string key, DistributedCacheEntryOptions options)
        {
            var began = Stopwatch.GetTimestamp();
            await Cache.SetAsync(key, [1], options);
            await Eventually.HoldsAsync(key, async () => !await ExistsAsync(key));

            // Microsoft's counts in whole seconds.
            Assert.InRange(Stopwatch.GetElapsedTime(began), window - TimeSpan.FromSeconds(1.1), TimeSpan.FromSeconds(30));
            Assert.Null(await Cache.GetAsync(key));
        }

        async Task LivesWhileReadAsync(string key, Func<string, Task> read)
        {
            await Cache.SetAsync(key, [1], new() { SlidingExpiration = window });
            await WhileAsync(window * 2, () => read(key));
            Assert.True(await ExistsAsync(key), key);
            await Eventually.HoldsAsync(key, async () => !await ExistsAsync(key));
            Assert.Null(await Cache.GetAsync(key));
        }

        async Task IsCappedAsync()
        {
            await Cache.SetAsync("capped", [1], new() { SlidingExpiration = window, AbsoluteExpirationRelativeToNow = window * 2 });
            await Eventually.HoldsAsync("the cap", async () => await Cache.GetAsync("capped") is null);
            Assert.False(await ExistsAsync("capped"));
        }

        static async Task WhileAsync(TimeSpan time, Func<Task> work)
        {
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time; await Task.Delay(50))
                await work();
        }
    }

    [Fact]
    public async Task WhileTheServerIsAway_CallsThrow_AndWhatLayThereLiesThereAfterwards()
    {
        await Cache.SetAsync("k", "one"u8.ToArray(), ForEver);
        valkey.Server.Pause();

        await Assert.ThrowsAnyAsync<Exception>(() => Cache.SetAsync("k", "two"u8.ToArray(), ForEver));
        await Assert.ThrowsAnyAsync<Exception>(() => Cache.RemoveAsync("other"));
        await Assert.ThrowsAnyAsync<Exception>(() => Cache.GetAsync("k"));
        Assert.ThrowsAny<Exception>(() => Cache.Get("other"));

        valkey.Server.Resume();
        await Eventually.HoldsAsync("an answer", async () => await Cache.GetStringAsync("k") is "one" or "two");
    }

    /// <summary>Registers the cache under <see cref="Prefix"/>.</summary>
    protected abstract void Register(IHostApplicationBuilder builder);

    /// <summary>Waits until a cache that has just been opened answers.</summary>
    protected virtual async Task ConnectedAsync(IServiceProvider services) => await services.GetRequiredService<IDistributedCache>().GetAsync("connected");

    private async Task<IBufferDistributedCache> OpenAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        Register(builder);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        await ConnectedAsync(host.Services);
        return Assert.IsAssignableFrom<IBufferDistributedCache>(host.Services.GetRequiredService<IDistributedCache>());
    }

    private async Task<bool> ExistsAsync(string key) => (long)(await valkey.ExecuteAsync("EXISTS", Prefix + key))! == 1;

    protected async Task<long> LifeAsync(string key) => (long)(await valkey.ExecuteAsync("PTTL", Prefix + key))!;

    private static async Task<byte[]?> ReadAsync(IBufferDistributedCache cache, string key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        return await cache.TryGetAsync(key, buffer) ? buffer.WrittenSpan.ToArray() : null;
    }

    private static ReadOnlySequence<byte> Sequence(string one, string two)
    {
        var first = new Segment(System.Text.Encoding.UTF8.GetBytes(one), next: null, 0);
        var last = first.Append(System.Text.Encoding.UTF8.GetBytes(two));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
