using System.Text.Json;
using Cache.Core.Membership;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Pods;

/// <summary>C6: who is there, with what they say of themselves, by service and summed; over a real Valkey.</summary>
[Collection(ManagerCollection.Name)]
public sealed class PodsTests(ManagerHost host) : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly string _one = $"one-{Guid.NewGuid():N}";
    private readonly string _two = $"two-{Guid.NewGuid():N}";
    private Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program> _manager = null!;
    private HttpClient _client = null!;

    private IMembership Membership => _manager.Services.GetRequiredService<IMembership>();

    public Task InitializeAsync()
    {
        _manager = host.CreateFactory();
        _client = _manager.CreateClient();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task C6_PodsOfTwoServices_AreShownWithTheirFigures_ByServiceAndSummed()
    {
        await SayAsync(Pod(_one, "a", hits: 60, misses: 40, tenants: 2));
        await SayAsync(Pod(_one, "b", hits: 30, misses: 70, tenants: 1) with { Health = "degraded", Coherence = "unproven" });
        await SayAsync(Pod(_two, "a", hits: 10, misses: 0, tenants: 5));

        var answer = await host.SendAsync(HttpMethod.Get, "/v1/pods");

        Assert.Equal(200, answer.Status);
        var pods = answer.Body.GetProperty("pods").EnumerateArray().Where(pod => Text(pod, "service") == _one || Text(pod, "service") == _two).ToList();
        Assert.Equal([(_one, "a"), (_one, "b"), (_two, "a")], pods.Select(pod => (Text(pod, "service"), Text(pod, "instance"))));
        Assert.Equal(("1.2.3", "http://a:8080", "healthy", "proven", "followed"), (Text(pods[0], "version"), Text(pods[0], "address"), Text(pods[0], "health"), Text(pods[0], "coherence"), Text(pods[0], "changeFeed")));
        Assert.Equal(0.6, pods[0].GetProperty("tiers")[0].GetProperty("hitRate").GetDouble());

        var services = answer.Body.GetProperty("services").EnumerateArray().ToDictionary(service => Text(service, "service"), StringComparer.Ordinal);
        Assert.Equal((2, 1, 1, 3), Counts(services[_one]));
        Assert.Equal((1, 1, 0, 5), Counts(services[_two]));
        Assert.Equal((90, 110, 0.45, 20, 2000), Tier(services[_one], 0));

        // Over all services: those of other tests may be among them.
        var all = services.Values.Select(service => Tier(service, 0)).ToList();
        var total = Tier(answer.Body.GetProperty("total"), 0);
        Assert.Equal((all.Sum(one => one.Hits), all.Sum(one => one.Misses), all.Sum(one => one.Entries)), (total.Hits, total.Misses, total.Entries));
        Assert.Equal(services.Values.Sum(service => service.GetProperty("pods").GetInt32()), answer.Body.GetProperty("total").GetProperty("pods").GetInt32());

        var cache = await host.SendAsync(HttpMethod.Get, "/cache");
        Assert.Equal((90, 110, 0.45, 20, 2000), Tier(cache.Body.GetProperty("services").EnumerateArray().Single(service => Text(service, "service") == _one), 0));
        Assert.False(services[_one].GetProperty("tiers")[1].TryGetProperty("entries", out _));
    }

    [Fact]
    public async Task E5_RoutesOfHttpCaches_AreShownByService_AndSummed()
    {
        await SayAsync(Pod(_one, "a") with { Routes = [new RouteReport("ledger", Hits: 60, StaleHits: 15, Misses: 5, Bypassed: 20, SavedBytes: 1000)] });
        await SayAsync(Pod(_one, "b") with { Routes = [new RouteReport("ledger", 0, 0, 100, 0, 0), new RouteReport("crm", 1, 0, 0, 0, 7)] });
        await SayAsync(Pod(_two, "a"));

        var services = (await host.SendAsync(HttpMethod.Get, "/cache")).Body.GetProperty("services").EnumerateArray().ToDictionary(service => Text(service, "service"), StringComparer.Ordinal);

        Assert.Empty(services[_two].GetProperty("routes").EnumerateArray());
        Assert.Equal(
            [("crm", 1, 1, 7), ("ledger", 200, 0.375, 1000)],
            services[_one].GetProperty("routes").EnumerateArray().Select(static route => (
                Text(route, "route"), route.GetProperty("requests").GetInt64(), route.GetProperty("hitRate").GetDouble(), route.GetProperty("savedBytes").GetInt64())));
    }

    [Fact]
    public async Task C6_OneServicesPods_AreShownAlone()
    {
        await SayAsync(Pod(_one, "a"));
        await SayAsync(Pod(_two, "a"));

        var answer = await host.SendAsync(HttpMethod.Get, $"/v1/pods?service={_two}");

        Assert.Equal(_two, Text(Assert.Single(answer.Body.GetProperty("pods").EnumerateArray()), "service"));
        Assert.Equal(1, answer.Body.GetProperty("total").GetProperty("pods").GetInt32());
    }

    [Fact]
    public async Task C6_Pod_ThatIsSilentForItsLifetime_OrWithdraws_IsNotShown()
    {
        await SayAsync(Pod(_one, "silent"), TimeSpan.FromMilliseconds(50));
        await SayAsync(Pod(_one, "stopped"));
        await SayAsync(Pod(_one, "there"));
        await Membership.WithdrawAsync(PodReport.Group, PodReport.NameOf(_one, "stopped"));

        await Eventually.HoldsAsync("one only", async () => (await NamesAsync(_one)).SequenceEqual(["there"]));
    }

    [Fact]
    public async Task C6_WhatIsNoPodsWord_IsPassedOver()
    {
        await SayAsync(Pod(_one, "there"));
        foreach (var (name, value) in new[] { ($"{_one}:x", "no json"), ($"{_one}:y", "{}"), ($"{_one}:z", "null"), ($"{_one}:false-name", JsonSerializer.Serialize(Pod(_one, "other"), ContractJson.Options)) })
            await Membership.AnnounceAsync(PodReport.Group, name, System.Text.Encoding.UTF8.GetBytes(value), Long);

        Assert.Equal(["there"], await NamesAsync(_one));
    }

    [Fact]
    public async Task C6_TenantManager_IsThereItself_UntilItStops()
    {
        await using var other = host.CreateFactory();
        using (other.CreateClient())
        {
            var instance = other.Services.GetRequiredService<Api.Pods.ManagerAnnouncement>().Instance;
            await Eventually.HoldsAsync("its word", async () => (await NamesAsync(Api.Pods.ManagerAnnouncement.ServiceName)).Contains(instance));
            var pod = (await host.SendAsync(HttpMethod.Get, "/v1/pods?service=tenant-manager")).Body.GetProperty("pods").EnumerateArray().Single(one => Text(one, "instance") == instance);
            Assert.Equal("healthy", Text(pod, "health"));
            Assert.False(pod.TryGetProperty("changeFeed", out _));

            await other.DisposeAsync();
            Assert.DoesNotContain(instance, await NamesAsync(Api.Pods.ManagerAnnouncement.ServiceName));
        }
    }

    private static PodReport Pod(string service, string instance, long hits = 0, long misses = 0, int tenants = 0) => new()
    {
        Service = service,
        Instance = instance,
        Version = "1.2.3",
        Address = $"http://{instance}:8080",
        Since = DateTimeOffset.UtcNow,
        At = DateTimeOffset.UtcNow,
        HeartbeatSeconds = 10,
        Health = "healthy",
        Coherence = "proven",
        Tiers = TierReport.Of(10, 1000, (hits, 0, misses), (hits, 0, misses)),
        Tenants = tenants,
        ChangeFeed = "followed",
    };

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static (int Pods, int Healthy, int Unproven, int Tenants) Counts(JsonElement group) =>
        (group.GetProperty("pods").GetInt32(), group.GetProperty("healthy").GetInt32(), group.GetProperty("unproven").GetInt32(), group.GetProperty("tenants").GetInt32());

    private static (long Hits, long Misses, double? HitRate, long Entries, long Bytes) Tier(JsonElement group, int place)
    {
        var tier = group.GetProperty("tiers")[place];
        return (
            tier.GetProperty("hits").GetInt64(),
            tier.GetProperty("misses").GetInt64(),
            tier.TryGetProperty("hitRate", out var rate) ? rate.GetDouble() : null,
            tier.GetProperty("entries").GetInt64(),
            tier.GetProperty("bytes").GetInt64());
    }

    private Task SayAsync(PodReport pod, TimeSpan? life = null) => Membership.AnnounceAsync(
        PodReport.Group, PodReport.NameOf(pod.Service, pod.Instance), JsonSerializer.SerializeToUtf8Bytes(pod, ContractJson.Options), life ?? Long).AsTask();

    private async Task<List<string>> NamesAsync(string service) =>
        [.. (await host.SendAsync(HttpMethod.Get, $"/v1/pods?service={service}")).Body.GetProperty("pods").EnumerateArray().Select(pod => Text(pod, "instance"))];
}
