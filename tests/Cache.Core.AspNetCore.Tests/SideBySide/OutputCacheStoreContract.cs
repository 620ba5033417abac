using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>What a store of the output cache is taken to promise: the same cases over Microsoft's Redis store and over the two tiers, on a real Valkey.</summary>
public abstract class OutputCacheStoreContract(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    protected static TimeSpan Hour { get; } = TimeSpan.FromHours(1);
    private readonly List<IHost> _hosts = [];

    protected ValkeyFixture Valkey => valkey;

    protected string Prefix { get; } = ValkeyFixture.NewPrefix();

    protected IOutputCacheBufferStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    [Fact]
    public async Task Get_OfWhatIsNotThere_IsNothing()
    {
        Assert.Null(await Store.GetAsync("nobody", default));
        Assert.Null(await ReadAsync(Store, "nobody"));
        await Store.EvictByTagAsync("nobody's", default);
    }

    [Fact]
    public async Task Set_IsReadAtOnce_HoweverItIsRead()
    {
        await Store.SetAsync("bytes", "page"u8.ToArray(), tags: null, Hour, default);
        await Store.SetAsync("sequence", Sequence("first ", "second"), tags: default, Hour, default);

        Assert.Equal("page"u8.ToArray(), await Store.GetAsync("bytes", default));
        Assert.Equal("page", await ReadAsync(Store, "bytes"));
        Assert.Equal("first second"u8.ToArray(), await Store.GetAsync("sequence", default));
        Assert.Equal("first second", await ReadAsync(Store, "sequence"));
    }

    [Fact]
    public async Task Set_Again_Replaces()
    {
        await Store.SetAsync("k", "one"u8.ToArray(), ["a"], Hour, default);
        await Store.SetAsync("k", "two"u8.ToArray(), ["a"], Hour, default);

        Assert.Equal("two", await ReadAsync(Store, "k"));
    }

    [Fact]
    public async Task Set_OfNoBytes_IsAPage()
    {
        await Store.SetAsync("k", [], tags: null, Hour, default);

        Assert.Equal(string.Empty, await ReadAsync(Store, "k"));
        Assert.Empty(Assert.IsType<byte[]>(await Store.GetAsync("k", default)));
    }

    [Fact]
    public async Task Set_OfMegabytes_IsReadInEveryProcess()
    {
        var large = new byte[4 * 1024 * 1024];
        new Random(1).NextBytes(large);
        await Store.SetAsync("k", large, ["large"], Hour, default);

        Assert.Equal(large, await (await OpenAsync()).GetAsync("k", default));
    }

    [Fact]
    public async Task EvictByTag_RemovesWhatCarriesIt_AndNothingElse()
    {
        await Store.SetAsync("both", "1"u8.ToArray(), ["red", "blue"], Hour, default);
        await Store.SetAsync("red", Sequence("2", "2"), new[] { "red" }, Hour, default);
        await Store.SetAsync("blue", "3"u8.ToArray(), ["blue"], Hour, default);
        await Store.SetAsync("none", "4"u8.ToArray(), tags: null, Hour, default);

        await Store.EvictByTagAsync("red", default);

        await GoneAsync("both");
        await GoneAsync("red");
        Assert.Equal("3", await ReadAsync(Store, "blue"));
        Assert.Equal("4", await ReadAsync(Store, "none"));

        await Store.EvictByTagAsync("blue", default);
        await GoneAsync("blue");
        Assert.Equal("4", await ReadAsync(Store, "none"));
    }

    [Fact]
    public async Task EvictByTag_RemovesInEveryProcess_AndWhatIsStoredAfterwardsStays()
    {
        var other = await OpenAsync();
        await Store.SetAsync("k", "old"u8.ToArray(), ["red"], Hour, default);
        Assert.Equal("old", await ReadAsync(other, "k"));

        // Microsoft's writes the tags without waiting for the answer; what is read over the same connection afterwards comes after them.
        Assert.Equal("old", await ReadAsync(Store, "k"));

        await other.EvictByTagAsync("red", default);
        await GoneAsync("k");

        await Store.SetAsync("k", "new"u8.ToArray(), ["red"], Hour, default);
        await Eventually.HoldsAsync("the new page", async () => await ReadAsync(other, "k") == "new" && await ReadAsync(Store, "k") == "new");
    }

    [Fact]
    public async Task APage_ExpiresWhenItIsNotValidAnyMore()
    {
        await Store.SetAsync("k", "page"u8.ToArray(), ["red"], TimeSpan.FromSeconds(1), default);
        Assert.Equal("page", await ReadAsync(Store, "k"));

        await GoneAsync("k");
    }

    [Fact]
    public async Task NullsAndCancelledTokens_AreRefused()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Store.SetAsync("k", "page"u8.ToArray(), ["red"], Hour, default);

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await Store.GetAsync(null!, default));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await Store.TryGetAsync("k", null!, default));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await Store.SetAsync("k", null!, tags: null, Hour, default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetAsync("k", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.SetAsync("k", "other"u8.ToArray(), tags: null, Hour, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.EvictByTagAsync("red", cancelled.Token));

        Assert.Equal("page", await ReadAsync(Store, "k"));
    }

    /// <summary>Registers the store under <see cref="Prefix"/>.</summary>
    protected abstract void Register(IHostApplicationBuilder builder);

    private async Task<IOutputCacheBufferStore> OpenAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        Register(builder);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        var store = Assert.IsAssignableFrom<IOutputCacheBufferStore>(host.Services.GetRequiredService<IOutputCacheStore>());

        // Each in its own way connects with its first call, or before.
        await Eventually.HoldsAsync("a store", async () =>
        {
            await store.SetAsync("connected", [1], tags: null, Hour, default);
            return await store.GetAsync("connected", default) is not null && (long)(await valkey.ExecuteAsync("DBSIZE"))! > 0;
        });
        return store;
    }

    protected Task GoneAsync(string key) => Eventually.HoldsAsync(key, async () => await Store.GetAsync(key, default) is null && await ReadAsync(Store, key) is null);

    protected static async Task<string?> ReadAsync(IOutputCacheBufferStore store, string key)
    {
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var isFound = await store.TryGetAsync(key, writer, default);
        await writer.CompleteAsync();
        return isFound ? Encoding.UTF8.GetString(stream.ToArray()) : null;
    }

    private static ReadOnlySequence<byte> Sequence(string one, string two)
    {
        var first = new Segment(Encoding.UTF8.GetBytes(one), next: null, 0);
        var last = first.Append(Encoding.UTF8.GetBytes(two));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
