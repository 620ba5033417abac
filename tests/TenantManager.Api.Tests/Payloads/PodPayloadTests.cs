using System.Text;
using System.Text.Json;
using Cache.Core.Membership;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Payloads;

/// <summary>What pods of every version say of themselves in Valkey: a tenant-manager of this one lists them all.</summary>
[Collection(ManagerCollection.Name)]
public sealed class PodPayloadTests(ManagerHost host)
{
    private const string Project = "TenantManager.Api.Tests";

    [Fact]
    public void EveryRecordedPayload_IsReadByATest() => Assert.Equal(RecordedPayload.NamesIn(Project), RecordedPayload.NamesReadBy(typeof(PodPayloadTests)));

    [Theory]
    [InlineData("pod-first", 0, false)]
    [InlineData("pod-with-rates", 0, true)]
    [InlineData("pod-with-routes", 1, true)]
    public async Task PodOfAnotherVersion_IsListedWithWhatItSays(string name, int routes, bool hasRates)
    {
        var pod = await ListedAsync(RecordedPayload.Read(Project, name).Text);

        Assert.Equal(("1.2.3", "http://ledger-1:8080", "healthy", "proven"), (Text(pod, "version"), Text(pod, "address"), Text(pod, "health"), Text(pod, "coherence")));
        Assert.Equal([60, 30], pod.GetProperty("tiers").EnumerateArray().Select(static tier => tier.GetProperty("hits").GetInt64()));
        Assert.Equal((routes, hasRates), (pod.GetProperty("routes").GetArrayLength(), pod.TryGetProperty("rates", out _)));
    }

    /// <summary>Fields that a later version adds are no obstacle, and neither is a word that it has for what it is.</summary>
    [Theory]
    [InlineData("\"tenants\":3", "\"tenants\":3,\"later\":{\"a\":[1]}")]
    [InlineData("\"health\":\"healthy\"", "\"health\":\"resting\"")]
    [InlineData("\"changeFeed\":\"followed\"", "\"changeFeed\":\"mirrored\"")]
    public async Task PodOfALaterVersion_IsListed(string present, string later)
    {
        var newest = RecordedPayload.Read(Project, "pod-with-routes").Text;
        Assert.Contains(present, newest, StringComparison.Ordinal);

        Assert.Equal(3, (await ListedAsync(newest.Replace(present, later, StringComparison.Ordinal))).GetProperty("tenants").GetInt32());
    }

    /// <summary>Anybody may write into Valkey: what is no pod's word is passed over, and a figure may be any number.</summary>
    [Theory]
    [InlineData("\"isEnabled\":true,\"instances\":2,\"tiers\":[{", "\"isEnabled\":true,\"instances\":2,\"tiers\":[null,{")]
    [InlineData("\"rates\":{", "\"rates\":{\"tiers\":null,\"before\":{")]
    [InlineData("\"name\":\"standard\"", "\"name\":null")]
    public async Task RatesThatAreNone_AreNotListed(string present, string written)
    {
        var newest = RecordedPayload.Read(Project, "pod-with-routes").Text;
        Assert.Contains(present, newest, StringComparison.Ordinal);
        var word = newest.Replace(present, written, StringComparison.Ordinal);
        if (written.EndsWith("{\"tiers\":null,\"before\":{", StringComparison.Ordinal))
            word = word.Replace("},\"routes\"", "}},\"routes\"", StringComparison.Ordinal);

        Assert.Empty(await ListAsync(word));
    }

    [Fact]
    public async Task FiguresBeyondTheLargest_AddUpToThat()
    {
        var word = RecordedPayload.Read(Project, "pod-with-routes").Text
            .Replace("\"hits\":60", "\"hits\":9223372036854775807", StringComparison.Ordinal).Replace("\"tier\":\"l2\"", "\"tier\":\"l1\"", StringComparison.Ordinal);

        Assert.Single(await ListAsync(word));
    }

    [Theory]
    [InlineData("pod-with-routes")]
    public void Report_IsStillWrittenSo(string name)
    {
        var recorded = RecordedPayload.Read(Project, name).Text;

        Assert.Equal(recorded, JsonSerializer.Serialize(Report(), ContractJson.Options));
        Assert.Equal(recorded, JsonSerializer.Serialize(JsonSerializer.Deserialize<PodReport>(recorded, ContractJson.Options), ContractJson.Options));
    }

    private static PodReport Report() => new()
    {
        Service = "ledger",
        Instance = "ledger-1",
        Version = "1.2.3",
        Address = "http://ledger-1:8080",
        Since = new DateTimeOffset(2026, 12, 1, 10, 0, 0, TimeSpan.Zero),
        At = new DateTimeOffset(2026, 12, 1, 10, 0, 30, 500, TimeSpan.Zero),
        HeartbeatSeconds = 10,
        Health = "healthy",
        Coherence = "proven",
        Tiers = TierReport.Of(10, 1000, (60, 2, 38), (30, 0, 10), evictions: 4, rejected: (1, 2)),
        Tenants = 3,
        LastRevalidation = new DateTimeOffset(2026, 12, 1, 10, 0, 29, TimeSpan.Zero),
        ChangeFeed = "followed",
        Rates = new RateReport { IsEnabled = true, Instances = 2, Tiers = [new RateTierReport("standard", "RATE_STANDARD", Count: 100, PeriodSeconds: 1, Burst: 200, Allowed: 7, Refused: 1)] },
        Routes = [new RouteReport("ledger", Hits: 60, StaleHits: 15, Misses: 5, Bypassed: 20, SavedBytes: 1000)],
    };

    /// <summary>As the tenant-manager shows it, under a service of this test's own.</summary>
    private async Task<JsonElement> ListedAsync(string word) => Assert.Single(await ListAsync(word));

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string word)
    {
        var service = $"s-{Guid.NewGuid():N}";
        await using var manager = host.CreateFactory();
        using var client = manager.CreateClient();
        var own = word.Replace("\"service\":\"ledger\"", $"\"service\":\"{service}\"", StringComparison.Ordinal);
        var membership = manager.Services.GetRequiredService<IMembership>();
        await membership.AnnounceAsync(PodReport.Group, PodReport.NameOf(service, "ledger-1"), Encoding.UTF8.GetBytes(own), TimeSpan.FromMinutes(1));
        var answer = await host.SendAsync(HttpMethod.Get, $"/v1/pods?service={service}", client: client);
        await membership.WithdrawAsync(PodReport.Group, PodReport.NameOf(service, "ledger-1"));
        Assert.Equal(200, answer.Status);
        return [.. answer.Body.GetProperty("pods").EnumerateArray()];
    }

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;
}
