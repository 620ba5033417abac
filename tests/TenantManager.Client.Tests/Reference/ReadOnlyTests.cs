using System.Reflection;
using Cache.Core.Fencing;
using Cache.Core.Rates;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Reference;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Reference;

/// <summary>C1: a reader reads one scope and writes none; tried by its own means, and by Valkey's.</summary>
public sealed class ReadOnlyTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string Key = "reference-data:currencies";
    private const string Stored = """{"kind":"currencies","revision":3,"entries":[{"code":"BRL","name":"Real"}]}""";
    private FakeTenantManager _manager = null!;

    public async Task InitializeAsync()
    {
        await valkey.FlushAsync();
        _manager = await FakeTenantManager.CreateAsync();
    }

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    /// <summary>There is nothing to write with: no method, and no cache to be had from the container.</summary>
    [Fact]
    public async Task C1_Reader_HasNoWayToWrite()
    {
        await using var host = await ConsumerHost.StartAsync(_manager, valkey, build: builder => builder.AddReferenceData());

        var methods = typeof(ReferenceData).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name);
        Assert.Equal(["DisposeAsync", "FindAsync", "GetAsync"], methods.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(host.Services.GetKeyedServices<TieredCache>(KeyedService.AnyKey), cache => cache.TryPeekL1<ReferenceSet>("currencies", out _));
        Assert.Null(host.Services.GetService<TieredCache>());
    }

    [Fact]
    public async Task C1_ReadersClient_PassesOnNoWrite()
    {
        var inner = new InMemoryCacheClient();
        await inner.SetAsync(Key, "v"u8.ToArray(), TimeSpan.Zero);
        await using var client = new ReadOnlyCacheClient(inner);
        var write = new FencedWrite("g", 1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

        Func<ValueTask>[] writes =
        [
            () => client.SetAsync(Key, "w"u8.ToArray(), TimeSpan.Zero),
            async () => await client.SetIfAbsentAsync("k", "w"u8.ToArray(), TimeSpan.Zero),
            async () => await client.SetIfEqualAsync(Key, "v"u8.ToArray(), "w"u8.ToArray(), TimeSpan.Zero),
            async () => await client.DeleteIfEqualAsync(Key, "v"u8.ToArray()),
            async () => await client.TakeAsync("k", new RateTerms(1, TimeSpan.FromSeconds(1), 1)),
            async () => await client.IncrementAsync("k"),
            async () => await client.ExpireAsync(Key, TimeSpan.FromSeconds(1)),
            async () => await client.Fence.PutAsync(Key, "w"u8.ToArray(), write),
            async () => await client.Fence.StoreAsync(Key, "w"u8.ToArray(), write),
            () => client.Fence.InvalidateAsync(Key, TimeSpan.FromMinutes(1)),
            async () => await client.Fence.DropAsync(Key),
            async () => await client.Fence.DenyAsync(Key, "s", 1, TimeSpan.FromMinutes(1)),
            async () => await client.Fence.MarkAbsentAsync(Key, "g", TimeSpan.FromMinutes(1), owner: null),
        ];
        foreach (var one in writes)
            Assert.Contains("another service", (await Assert.ThrowsAsync<NotSupportedException>(async () => await one())).Message, StringComparison.Ordinal);
        Assert.Equal(0, await client.DeleteAsync([Key]));
        Assert.False((await client.Fence.NoteAsync(Key, TimeSpan.FromMinutes(1), "owner", TimeSpan.FromMinutes(1))).IsLeased);
        Assert.False(await client.Fence.RenewAsync(Key, "owner", TimeSpan.FromMinutes(1)));
        await client.Fence.ReleaseAsync(Key, "owner");

        Assert.Equal("v"u8.ToArray(), (await client.Fence.ReadAsync(Key, TimeSpan.Zero, "owner", TimeSpan.FromMinutes(1))).Value);
        Assert.Equal([Key], await client.ScanAsync("*").ToListAsync());
    }

    /// <summary>As a user of Valkey's ACL with the documented rights: all that a reader does is allowed, and nothing more, by whatever means it tries.</summary>
    [Fact]
    public async Task C1_ReadingRightsAreEnough_AndValkeyRefusesToWriteThere_OrToReadAnothersKeys()
    {
        var rights = File.ReadLines(Path.Combine(Repository.Root, "docs/cache-core/options.md")).Single(line => line.StartsWith("ACL SETUSER", StringComparison.Ordinal));
        var added = File.ReadAllText(Path.Combine(Repository.Root, "docs/reference-data.md")).Split("```text\n")[1].Split('\n')[0];
        await valkey.ExecuteAsync([.. rights.Replace("cache:", "tm-config:", StringComparison.Ordinal).Replace("app on >PASSWORD", "reader on >reader-password", StringComparison.Ordinal).Split(' '), .. added.Split(' '), "&tenant-events:*", "~pods:*"]);
        await valkey.ExecuteAsync("SET", Key, Stored, "EX", "86400");
        await valkey.ExecuteAsync("SET", "tenant-secrets:acme", "secret");
        await valkey.ExecuteAsync("SET", "tm-config:own", "own");
        await valkey.ExecuteAsync("ACL", "LOG", "RESET");
        _manager.Set("GET", "/v1/reference/countries", FakeAnswer.Json(new ReferenceSet { Kind = "countries", Revision = 1, Entries = [] }));

        await using var host = await ConsumerHost.StartAsync(
            _manager,
            valkey,
            new(StringComparer.Ordinal)
            {
                ["ConnectionStrings:valkey"] = $"{valkey.Host}:{valkey.Port},user=reader,password=reader-password",
                ["CACHE_COHERENCE"] = "tracking",
            },
            build: builder => builder.AddReferenceData());
        var data = host.Services.GetRequiredService<ReferenceData>();
        Assert.Equal("Real", (await data.FindAsync(ReferenceKind.Currencies, "BRL"))?.Name);
        Assert.Equal(1, (await data.GetAsync(ReferenceKind.Countries))?.Revision);
        await Eventually.HoldsAsync("a change is pushed", async () =>
        {
            await valkey.ExecuteAsync("SET", Key, Stored.Replace("Real", "Novo", StringComparison.Ordinal).Replace("3", "4", StringComparison.Ordinal), "EX", "86400");
            return (await data.FindAsync(ReferenceKind.Currencies, "BRL"))?.Name == "Novo";
        });
        Assert.Empty((IReadOnlyList<object?>)(await valkey.ExecuteAsync("ACL", "LOG"))!);

        // Past the reader, with the connection that the service has.
        var client = host.Services.GetRequiredService<ICacheClient>();
        Assert.NotNull(await client.GetAsync("tm-config:own"));
        await RefusedAsync(async () => await client.GetAsync("tenant-secrets:acme"));
        await RefusedAsync(async () => await client.SetAsync(Key, "forged"u8.ToArray(), TimeSpan.Zero));
        await RefusedAsync(async () => await client.DeleteAsync([Key]));
        await RefusedAsync(async () => await client.Fence.InvalidateAsync(Key, TimeSpan.FromMinutes(1)));
        Assert.Contains("Novo", (string)(await valkey.ExecuteAsync("GET", Key))!, StringComparison.Ordinal);
        Assert.NotEmpty((IReadOnlyList<object?>)(await valkey.ExecuteAsync("ACL", "LOG"))!);

        static async Task RefusedAsync(Func<Task> attempt) => await Assert.ThrowsAsync<CacheUnavailableException>(attempt);
    }
}
