using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Drills;
using TenantManager.Api.Tests.Hosting;
using TenantManager.Client.Reference;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace TenantManager.Api.Tests.Reference;

/// <summary>C1, C2, C4: the owner and those who read, over a real Valkey and a real state database of their own.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ReferenceSharingTests(ManagerHost host, ValkeyFixture valkey, ITestOutputHelper output) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string Key = "reference-data:currencies";
    private static readonly ReferenceKind Currencies = ReferenceKind.Currencies;
    private WebApplicationFactory<Program> _manager = null!;
    private HttpClient _client = null!;
    private string _state = string.Empty;

    public async Task InitializeAsync()
    {
        await valkey.EnsureRunningAsync();
        await valkey.FlushAsync();
        _state = await host.Postgres.CreateDatabaseAsync();
        _manager = CreateManager(valkey.ConnectionString);
        _client = _manager.CreateClient();
        await WrittenAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task C1_Set_LiesInValkeyForADay_AsTheOwnerAnswers_BeforeAnybodyHasAsked()
    {
        foreach (var kind in ReferenceKind.All)
        {
            var stored = JsonDocument.Parse((string)(await valkey.ExecuteAsync("GET", $"reference-data:{kind}"))!).RootElement;
            var answered = (await host.UseAsync(ManagerHost.ApiKey, $"/v1/reference/{kind}", client: _client)).Body;

            Assert.True(JsonElement.DeepEquals(answered, stored), kind.Name);
            Assert.InRange((long)(await valkey.ExecuteAsync("TTL", $"reference-data:{kind}"))!, 86_400 - 600, 86_400);
        }
    }

    /// <summary>No time passes in the readers: nothing but a push or an event can tell them.</summary>
    [Theory]
    [InlineData("tracking", false)]
    [InlineData("pubsub", false)]
    [InlineData("off", true)]
    public async Task C2_OwnersChange_IsSeenEverywhereWithinMilliseconds(string coherence, bool areEventsSent)
    {
        await using var manager = CreateManager(valkey.ConnectionString, coherence);
        using var client = manager.CreateClient();
        manager.Services.GetRequiredService<Faults>().Current = new FaultPlan(DropEvents: !areEventsSent);
        await using var one = await Reader.StartAsync(manager, valkey.ConnectionString, new FakeTimeProvider(DateTimeOffset.UtcNow), coherence);
        await using var other = await Reader.StartAsync(manager, valkey.ConnectionString, new FakeTimeProvider(DateTimeOffset.UtcNow), coherence, service: "crm");
        if (areEventsSent)
            await SubscribedAsync(2);
        Assert.Equal(("Brazilian Real", "Brazilian Real"), (await one.NameAsync(Currencies, "BRL"), await other.NameAsync(Currencies, "BRL")));

        var took = new List<double>();
        for (var n = 0; n < 30; n++)
        {
            var name = $"Real {n}";
            await PutAsync("BRL", name, client);
            var clock = Stopwatch.StartNew();
            foreach (var reader in new[] { one, other })
            {
                while (await reader.NameAsync(Currencies, "BRL") != name)
                {
                    Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"change {n} is not seen");
                    await Task.Delay(1);
                }
            }

            took.Add(clock.Elapsed.TotalMilliseconds);
        }

        took.Sort();
        output.WriteLine(FormattableString.Invariant($"{coherence}: seen by both after {took[15]:0.0} ms at the median, {took[^1]:0.0} ms at worst, counted from the answer to the change"));

        // A busy machine makes some of them late, not most.
        Assert.InRange(took[7], 0, 100);
        Assert.Equal((0, 0), (one.Manager.Calls, other.Manager.Calls));
    }

    [Fact]
    public async Task C2_EventAndPushLost_IsSeenWhenL1Ends()
    {
        _manager.Services.GetRequiredService<Faults>().Current = new FaultPlan(DropEvents: true);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString, time, coherence: "off");
        Assert.Equal("Brazilian Real", await reader.NameAsync(Currencies, "BRL"));

        await PutAsync("BRL", "Real");
        Assert.Equal("Brazilian Real", await reader.NameAsync(Currencies, "BRL"));
        time.Advance(ReferenceData.L1TimeToLive);

        Assert.Equal("Real", await reader.NameAsync(Currencies, "BRL"));
        Assert.Equal(0, reader.Manager.Calls);
    }

    [Fact]
    public async Task C4_OwnerCutOffFromValkey_ChangesAllTheSame_AndWritesThroughWhenItIsBack()
    {
        await using var link = new ValkeyLink(valkey);
        await using var cutOff = CreateManager(link.ConnectionString);
        using var client = cutOff.CreateClient();
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString);
        await host.UseAsync(ManagerHost.ApiKey, "/v1/reference/currencies", client: client);

        link.Cut();
        await PutAsync("BRL", "Real", client);
        Assert.Equal("Real", (await host.UseAsync(ManagerHost.ApiKey, "/v1/reference/currencies/BRL", client: client)).Body.GetProperty("name").GetString());
        link.Heal();

        await Eventually.HoldsAsync("it is seen", async () => await reader.NameAsync(Currencies, "BRL") == "Real");
    }

    [Fact]
    public async Task OwnerAway_ReadingGoesOn_ByNewReadersToo_AndWithoutValkeyByThoseThatHaveRead()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString, time, coherence: "off", isManagerAway: true);
        Assert.Equal("Brazil", await reader.NameAsync(ReferenceKind.Countries, "BR"));

        await valkey.Server.KillAsync();
        time.Advance(TimeSpan.FromHours(12));

        var reading = reader.NameAsync(ReferenceKind.Countries, "BR");
        await reader.LetTimePassAsync(reading);
        Assert.Equal("Brazil", await reading);
    }

    /// <summary>The reader asks while the owner's own cache is empty: the answer must come from the database, and not wait for what waits for it.</summary>
    [Fact]
    public async Task ValkeyEmpty_ReaderIsAnsweredByTheOwner_WhoFillsItAgain()
    {
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString);
        Assert.Equal("Brazilian Real", await reader.NameAsync(Currencies, "BRL"));
        Assert.Equal(0, reader.Manager.Calls);

        await valkey.FlushAsync();

        await Eventually.HoldsAsync("the owner is asked", async () => await reader.NameAsync(Currencies, "BRL") == "Brazilian Real" && reader.Manager.Calls > 0);
        await WrittenAsync();
    }

    [Fact]
    public async Task Concurrency_OfChangesByTwoInstances_LosesNone()
    {
        await using var second = CreateManager(valkey.ConnectionString);
        using var client = second.CreateClient();
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString);
        var codes = Enumerable.Range(0, 10).Select(n => $"Q{(char)('A' + n)}Q").ToList();

        await Task.WhenAll(codes.Select((code, n) => PutAsync(code, code, n % 2 == 0 ? _client : client)));

        await Eventually.HoldsAsync("all are there", async () => await reader.Data.GetAsync(Currencies) is { } set && codes.TrueForAll(code => set.Find(code) is not null));
        var answered = (await host.UseAsync(ManagerHost.ApiKey, "/v1/reference/currencies", client: client)).Body;
        await Eventually.HoldsAsync("Valkey has the last", async () =>
            JsonElement.DeepEquals(answered, JsonDocument.Parse((string)(await valkey.ExecuteAsync("GET", Key))!).RootElement));
    }

    /// <summary>Somebody writes into the owner's place: another service's value, another kind's, one that is no value, a revision that nobody gave.</summary>
    [Theory]
    [InlineData("""{"id":"acme","tenantSlug":"acme","databases":{}}""")]
    [InlineData("""{"kind":"countries","revision":99,"entries":[{"code":"BRL","name":"forged"}]}""")]
    [InlineData("""{"kind":"currencies","revision":1,"entries":[null]}""")]
    [InlineData("""{"kind":"currencies","revision":1,"entries":[{"code":"BRL","name":"a"},{"code":"BRL","name":"b"}]}""")]
    [InlineData("rubbish")]
    public async Task C1_WhatIsNotTheOwners_IsNotServed_AndIsPutRight(string foreign)
    {
        await valkey.ExecuteAsync("SET", Key, foreign);
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString);

        Assert.Equal("Brazilian Real", await reader.NameAsync(Currencies, "BRL"));
        await WrittenAsync();
    }

    [Fact]
    public async Task C1_ForgedButWellFormed_IsReplacedByTheOwner()
    {
        await valkey.ExecuteAsync("SET", Key, """{"kind":"currencies","revision":999,"entries":[{"code":"BRL","name":"forged"}]}""");
        _manager.Services.GetRequiredService<Api.Reference.ReferencePublication>().LookSoon();

        await WrittenAsync();
        await using var reader = await Reader.StartAsync(_manager, valkey.ConnectionString);
        Assert.Equal("Brazilian Real", await reader.NameAsync(Currencies, "BRL"));
    }

    private WebApplicationFactory<Program> CreateManager(string connection, string coherence = "tracking") =>
        host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", _state), ("ConnectionStrings:valkey", connection), ("CACHE_COHERENCE", coherence)]);

    /// <summary>Valkey holds what the owner has.</summary>
    private Task WrittenAsync() => Eventually.HoldsAsync("the owner's currencies in Valkey", async () =>
        await valkey.ExecuteAsync("GET", Key) is string text && text.StartsWith('{') && JsonDocument.Parse(text).RootElement is var stored
        && stored.TryGetProperty("revision", out var revision) && revision.GetInt64() < 99 && text.Contains("\"Brazilian Real\"", StringComparison.Ordinal));

    private Task SubscribedAsync(int readers) => Eventually.HoldsAsync("subscriptions", async () =>
        await valkey.ExecuteAsync("PUBSUB", "NUMSUB", ReferenceEvent.ChannelOf("test")) is IReadOnlyList<object?> counts && Convert.ToInt64(counts[1], System.Globalization.CultureInfo.InvariantCulture) >= readers);

    private async Task PutAsync(string code, string name, HttpClient? client = null)
    {
        var put = await host.SendRawAsync(HttpMethod.Put, $"/v1/reference/currencies/{code}", JsonSerializer.Serialize(new { name }), client: client ?? _client);
        Assert.True(put.Status == 200, put.Body.ToString());
    }
}
