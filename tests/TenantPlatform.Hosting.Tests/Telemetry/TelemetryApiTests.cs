using System.Net;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Telemetry;

public sealed class TelemetryApiTests
{
    [Theory]
    [InlineData("traces?limit=abc", "limit")]
    [InlineData("traces?minMs=-1", "minMs")]
    [InlineData("traces?errors=perhaps", "errors")]
    [InlineData("traces?before=yesterdayish", "before")]
    [InlineData("logs?level=loud", "level")]
    [InlineData("logs?traceId=12", "traceId")]
    [InlineData("logs?limit=100000", "limit")]
    [InlineData("metrics/series", "name")]
    [InlineData("metrics/series?name=x&minutes=NaN", "minutes")]
    [InlineData("traces/12", "id")]
    public async Task Get_WithABadParameter_NamesIt(string path, string name)
    {
        await using var host = await TelemetryHost.StartAsync();

        using var response = await host.Client.GetAsync(new Uri($"/api/{path}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(name, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfAnEmptyStore_IsEmpty()
    {
        await using var host = await TelemetryHost.StartAsync();

        Assert.Equal("""{"total":0,"traces":[]}""", (await host.GetAsync("traces")).ToJsonString());
        Assert.Equal("""{"total":0,"logs":[]}""", (await host.GetAsync("logs")).ToJsonString());
        Assert.Equal("""{"instruments":[]}""", (await host.GetAsync("metrics")).ToJsonString());
        Assert.Equal("""{"total":0,"series":[]}""", (await host.GetAsync("metrics/series?name=none")).ToJsonString());
        using var missing = await host.Client.GetAsync(new Uri($"/api/traces/{new string('1', 32)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Counts_AfterGoodAndBadMessages_TellBoth()
    {
        await using var host = await TelemetryHost.StartAsync();
        await host.PostAsync("traces", Messages.Request("r", "s", Messages.Span(1, 2), Messages.Span(1, 2)).ToArray());
        await host.PostAsync("traces", [0xFF]);

        var counts = await host.GetAsync("counts");

        Assert.Equal((1, 1), ((int)counts["messages"]!["accepted"]!, (int)counts["messages"]!["malformed"]!));
        Assert.Equal((1, 1), ((int)counts["spans"]!["items"]!, (int)counts["spans"]!["dropped"]!));
    }

    [Fact]
    public async Task Changes_AfterEachMessage_AreSentByKind()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var stream = await host.Client.GetStreamAsync(new Uri("/api/changes", UriKind.Relative), limit.Token);
        using var reader = new StreamReader(stream);
        Assert.Equal(["traces 0", "logs 0", "metrics 0"], [await NextAsync(reader), await NextAsync(reader), await NextAsync(reader)]);

        await host.PostAsync("logs", Messages.Request("r", "s", Messages.Log("m")).ToArray());
        Assert.Equal("logs 1", await NextAsync(reader));
        await host.PostAsync("traces", Messages.Request("r", "s", Messages.Span(1, 2)).ToArray());
        Assert.Equal("traces 1", await NextAsync(reader));

        await host.StopAsync().WaitAsync(limit.Token);
        Assert.Null(await reader.ReadLineAsync(limit.Token));
    }

    [Fact]
    public async Task Changes_InABurst_AreThrottledAndKeptAlive()
    {
        var time = new FakeTimeProvider();
        await using var host = await TelemetryHost.StartAsync(time: time);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var stream = await host.Client.GetStreamAsync(new Uri("/api/changes", UriKind.Relative), limit.Token);
        using var reader = new StreamReader(stream);
        for (var number = 0; number < 3; number++)
            await NextAsync(reader);
        await time.WaitForTimersAsync();

        for (ulong number = 1; number <= 50; number++)
            await host.PostAsync("traces", Messages.Request("r", "s", Messages.Span(1, number)).ToArray());
        time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal("traces 50", await NextAsync(reader));
        await time.WaitForTimersAsync();
        time.Advance(TimeSpan.FromMilliseconds(250));
        await time.WaitForTimersAsync();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(": keep-alive", await reader.ReadLineAsync(limit.Token));
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var name = await reader.ReadLineAsync(limit.Token);
        var data = await reader.ReadLineAsync(limit.Token);
        await reader.ReadLineAsync(limit.Token);
        return $"{name?["event: ".Length..]} {data?["data: {\"version\":".Length..].TrimEnd('}')}";
    }
}
