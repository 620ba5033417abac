using System.Text.Json;
using Cache.Core;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Reference;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Reference;

/// <summary>C1: a reader of reference data, over a real Valkey and before a tenant-manager that answers as told.</summary>
public sealed class ReferenceDataTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string Path = "/v1/reference/currencies";
    private const string Key = "reference-data:currencies";
    private static readonly ReferenceKind Currencies = ReferenceKind.Currencies;
    private FakeTenantManager _manager = null!;

    public async Task InitializeAsync()
    {
        await valkey.FlushAsync();
        _manager = await FakeTenantManager.CreateAsync();
    }

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task LookUp_NowhereElse_AsksTheOwnerOnce_AndWritesNothing()
    {
        Answer(Set(1));
        await using var host = await StartAsync();

        var lookups = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Data(host).LookUpAsync(Currencies, CancellationToken.None).AsTask()));
        Assert.All(lookups, lookup => Assert.Equal("Real", lookup.Value!.Find("BRL")!.Name));
        Assert.Equal(CacheSource.L1, (await LookUpAsync(host)).Source);

        Assert.Equal(1, _manager.Count("GET", Path));
        Assert.Equal(0L, await valkey.ExecuteAsync("DBSIZE"));
    }

    [Fact]
    public async Task LookUp_OfWhatTheOwnerHasWritten_AsksNobody()
    {
        await StoreAsync(Set(1));
        await using var host = await StartAsync();

        Assert.Equal((CacheSource.L2, "Real"), await ReadAsync(host));
        Assert.Equal((CacheSource.L1, "Real"), await ReadAsync(host));
        Assert.Equal(0, _manager.Count("GET", Path));
    }

    [Fact]
    public async Task Find_IsToTheLetter()
    {
        await StoreAsync(Set(1));
        await using var host = await StartAsync();

        Assert.Equal(2, (await Data(host).FindAsync(Currencies, "BRL"))!.MinorUnits);
        Assert.Null(await Data(host).FindAsync(Currencies, "brl"));
        Assert.Null(await Data(host).FindAsync(Currencies, "BRLX"));
    }

    /// <summary>Go's tenant-manager has no such path.</summary>
    [Fact]
    public async Task OwnerWithoutReferenceData_IsNull_AskedOnceInAWhile_AndNothingIsWritten()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time);

        Assert.Null(await Data(host).GetAsync(Currencies));
        Assert.Null(await Data(host).FindAsync(Currencies, "BRL"));
        Assert.Equal(1, _manager.Count("GET", Path));
        Assert.Equal(0L, await valkey.ExecuteAsync("DBSIZE"));

        Answer(Set(1));
        time.Advance(ReferenceData.L1TimeToLive);
        Assert.NotNull(await Data(host).FindAsync(Currencies, "BRL"));
    }

    [Fact]
    public async Task OutageServes_OwnerAway_AndValkeyEmptied_WhatWasReadIsTold()
    {
        Answer(Set(1));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time);
        Assert.Equal((CacheSource.Fetch, "Real"), await ReadAsync(host));

        _manager.Override = FakeAnswer.Error(System.Net.HttpStatusCode.ServiceUnavailable);
        time.Advance(TimeSpan.FromHours(1));

        var reading = ReadAsync(host);
        await host.LetTimePassAsync(reading);
        Assert.Equal((CacheSource.L1, "Real"), await reading);
    }

    [Fact]
    public async Task NobodyKnows_Throws_AndSaysWhoDidNotAnswer()
    {
        _manager.Override = FakeAnswer.Error(System.Net.HttpStatusCode.ServiceUnavailable);
        await using var host = await StartAsync();

        var failure = await Assert.ThrowsAsync<TenantManagerUnavailableException>(async () => await Data(host).GetAsync(Currencies));
        Assert.Contains("tenant-manager", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MonotonicPod_OlderSetInValkey_IsNotTold()
    {
        await StoreAsync(Set(5, "new"));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time);
        Assert.Equal((CacheSource.L2, "new"), await ReadAsync(host));

        Answer(Set(5, "new"));
        await StoreAsync(Set(4, "old"));
        time.Advance(ReferenceData.L1TimeToLive);

        Assert.Equal("new", (await ReadAsync(host)).Name);
    }

    /// <summary>What lies there is another's, or none that can be read: it is not told, and not this reader's to take away.</summary>
    [Theory]
    [InlineData("""{"id":"acme","tenantSlug":"acme"}""")]
    [InlineData("""{"kind":"countries","revision":1,"entries":[{"code":"BRL","name":"foreign"}]}""")]
    [InlineData("rubbish")]
    public async Task Foreign_IsNotTold_AndLeftToTheOwner(string foreign)
    {
        await valkey.ExecuteAsync("SET", Key, foreign);
        Answer(Set(1));
        await using var host = await StartAsync();

        Assert.Equal((CacheSource.Fetch, "Real"), await ReadAsync(host));
        Assert.Equal(foreign, await valkey.ExecuteAsync("GET", Key));
    }

    [Fact]
    public async Task OwnersAnswer_OfAnotherKind_IsNotTold()
    {
        _manager.Set("GET", Path, FakeAnswer.Json(new ReferenceSet { Kind = "countries", Revision = 1, Entries = [] }));
        await using var host = await StartAsync();

        await Assert.ThrowsAsync<TenantManagerUnavailableException>(async () => await Data(host).GetAsync(Currencies));
    }

    [Fact]
    public async Task C2_Event_ReplacesWhatThisProcessHolds_AndRubbishIsDropped()
    {
        await StoreAsync(Set(1));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time, listens: true);
        var channel = ReferenceEvent.ChannelOf(host.Environment);
        await Eventually.HoldsAsync("a subscription", async () => await valkey.ExecuteAsync("PUBSUB", "NUMSUB", channel) is IReadOnlyList<object?> counts && Equals(counts[1], 1L));
        Assert.Equal("Real", (await ReadAsync(host)).Name);

        await StoreAsync(Set(2, "Novo real"));
        await valkey.ExecuteAsync("PUBLISH", channel, "rubbish");
        await valkey.ExecuteAsync("PUBLISH", channel, Event("planets", 2));
        await valkey.ExecuteAsync("PUBLISH", channel, Event("currencies", 2));

        await Eventually.HoldsAsync("it is told", async () => await ReadAsync(host) == (CacheSource.L1, "Novo real"));
    }

    [Fact]
    public async Task Start_LoadsEveryKind_SoThatItIsAtHand()
    {
        Answer(Set(1));
        await using var host = await StartAsync(listens: true);

        await Eventually.HoldsAsync("all kinds", () => ReferenceKind.All.All(kind => _manager.Count("GET", $"/v1/reference/{kind}") == 1));
        await Eventually.HoldsAsync("at hand", async () => (await LookUpAsync(host)).Source == CacheSource.L1);
    }

    [Fact]
    public async Task WithoutValkey_IsReadFromTheOwner()
    {
        Answer(Set(1));
        await using var host = await ConsumerHost.StartAsync(_manager, build: builder => builder.AddReferenceData());

        Assert.NotNull(await Data(host).FindAsync(Currencies, "BRL"));
    }

    [Fact]
    public void WithoutTheClient_SaysWhatIsMissing()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.AddReferenceData();
        using var host = builder.Build();

        var failure = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<ReferenceData>());
        Assert.Contains("AddTenantManagerClient", failure.Message, StringComparison.Ordinal);
    }

    private static ReferenceData Data(ConsumerHost host) => host.Services.GetRequiredService<ReferenceData>();

    private static async Task<CacheLookup<ReferenceSet>> LookUpAsync(ConsumerHost host) => await Data(host).LookUpAsync(Currencies, CancellationToken.None);

    private static async Task<(CacheSource Source, string? Name)> ReadAsync(ConsumerHost host) =>
        await LookUpAsync(host) is var lookup ? (lookup.Source, lookup.Value?.Find("BRL")?.Name) : default;

    private static ReferenceSet Set(long revision, string name = "Real") => new()
    {
        Kind = "currencies",
        Revision = revision,
        Entries = [new ReferenceEntry { Code = "BRL", Name = name, Numeric = "986", MinorUnits = 2 }],
    };

    private static string Event(string kind, long revision) => JsonSerializer.Serialize(
        new { event_id = "1", event_type = "reference.changed", timestamp = DateTimeOffset.UtcNow, environment = "test", kind, revision });

    private void Answer(ReferenceSet set) => _manager.Set("GET", Path, FakeAnswer.Json(set));

    private Task StoreAsync(ReferenceSet set) => valkey.ExecuteAsync("SET", Key, JsonSerializer.Serialize(set, ContractJson.Options), "EX", "86400");

    /// <summary>Starts one; unless told it neither loads at its start nor listens, so that a test says who asks.</summary>
    private Task<ConsumerHost> StartAsync(FakeTimeProvider? time = null, bool listens = false) => ConsumerHost.StartAsync(
        _manager,
        valkey,
        new(StringComparer.Ordinal) { ["MULTI_TENANT_CHANGE_FEED"] = "false" },
        time,
        build: builder =>
        {
            builder.AddReferenceData();
            if (!listens)
                builder.Services.Remove(builder.Services.Last(service => service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService)));
        });
}
