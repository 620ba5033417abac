using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using TenantPlatform.Hosting.Dashboard;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Dashboard;

/// <summary>What the pages are told.</summary>
public sealed class DashboardApiTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Streams_AreBounded_AndAPlaceBecomesFreeWhenAClientGoes()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        string[] streams = ["/api/resources/changes", "/api/logs/web/follow", "/api/telemetry/changes"];
        var open = new List<HttpResponseMessage>();
        for (var n = 0; n < StreamLimit.Most; n++)
            open.Add(await client.GetAsync(streams[n % streams.Length], HttpCompletionOption.ResponseHeadersRead));

        using var refused = await client.GetAsync("/api/resources/changes", HttpCompletionOption.ResponseHeadersRead);
        using var read = await client.GetAsync("/api/resources/");
        open[0].Dispose();
        await Eventually.HoldsAsync("a place is free", async () =>
        {
            using var again = await client.GetAsync("/api/logs/_all/follow", HttpCompletionOption.ResponseHeadersRead);
            return again.IsSuccessStatusCode;
        }, TimeSpan.FromSeconds(30));

        Assert.All(open, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("too_many_streams", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        open.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task Resources_TellStateRelationsAndCommands_AndNoSecret()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();

        var text = await Eventually.BecomesAsync("web runs", () => client.GetStringAsync("/api/resources"), body => body.Contains("\"Running\"", StringComparison.Ordinal));

        Assert.DoesNotContain(DashboardUnderTest.Secret, text, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(text);
        var web = body.RootElement.EnumerateArray().Single(resource => resource.GetProperty("name").GetString() == "web");
        Assert.Contains(web.GetProperty("relations").EnumerateArray(), relation => relation.GetProperty("name").GetString() == "valkey" && relation.GetProperty("kind").GetString() == "wait");
        Assert.Contains(web.GetProperty("relations").EnumerateArray(), relation => relation.GetProperty("name").GetString() == "valkey" && relation.GetProperty("kind").GetString() == "reference");
        Assert.Contains(web.GetProperty("commands").EnumerateArray(), command => command.GetProperty("name").GetString() == "greet" && command.GetProperty("state").GetString() == "enabled");
        var variables = web.GetProperty("environment").EnumerateArray().ToDictionary(variable => variable.GetProperty("name").GetString()!);
        Assert.True(variables["ADMIN_TOKEN"].GetProperty("isMasked").GetBoolean());
        Assert.Equal("hello", variables["GREETING"].GetProperty("value").GetString());
        Assert.True(variables["API_KEY"].GetProperty("isMasked").GetBoolean());
        Assert.Equal("postgres://app:••••••@localhost/app", variables["DSN"].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Changes_BeginWithEverything_ThenTellWhatDiffers()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        await Eventually.BecomesAsync("web runs", () => client.GetStringAsync("/api/resources"), body => body.Contains("\"Running\"", StringComparison.Ordinal));
        using var limit = new CancellationTokenSource(Limit);
        await using var stream = await client.GetStreamAsync("/api/resources/changes", limit.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("snapshot", events.Current.EventType);
        await dashboard.Notifications.PublishUpdateAsync(dashboard.Web, now => now with { State = "Exited", ExitCode = 3 });
        Assert.True(await events.MoveNextAsync());

        Assert.Equal("changed", events.Current.EventType);
        using var changed = JsonDocument.Parse(events.Current.Data);
        var web = Assert.Single(changed.RootElement.EnumerateArray());
        Assert.Equal("Exited", web.GetProperty("state").GetString());
        Assert.Equal(3, web.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task Streams_EndWhenTheDashboardStops()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        using var answer = await client.GetAsync("/api/logs/_all/follow", HttpCompletionOption.ResponseHeadersRead);
        var reading = answer.Content.ReadAsStringAsync();

        await dashboard.Server.StopAsync(CancellationToken.None).WaitAsync(Limit);

        await reading.WaitAsync(Limit);
    }

    [Fact]
    public async Task FailedCommand_IsAnAnswer_WithItsReason()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await client.PostAsync("/api/resources/web/commands/sulk", content: null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"success\":false", text, StringComparison.Ordinal);
        Assert.Contains("it will not", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandThatNeverEnds_IsAnsweredWhenTheDashboardStops()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var hanging = client.PostAsync("/api/resources/web/commands/hang", content: null);
        await dashboard.Hung.WaitAsync(Limit);

        await dashboard.Server.StopAsync(CancellationToken.None).WaitAsync(Limit);

        using var answer = await hanging.WaitAsync(Limit);
        Assert.Contains("when the dashboard stopped", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/resources/web/commands/dance", "greet, sulk")]
    [InlineData("/api/resources/nobody/commands/greet", "nobody")]
    public async Task UnknownCommand_Is404_AndNamesWhatThereIs(string path, string expected)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await client.PostAsync(path, content: null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConsoleLines_KeepTheNewest_InOrder()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        for (var i = 1; i <= 5_100; i++)
            dashboard.Logs.Of("web").Write($"line {i}", isError: false);

        var text = await Eventually.BecomesAsync("the last line", () => client.GetStringAsync("/api/logs/web/download"), body => body.Contains("line 5100\n", StringComparison.Ordinal));

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5_000, lines.Length);
        Assert.EndsWith("line 101", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConsoleLines_OfALaterRun_ComeAfterThoseThatAPageHasOfAnEarlierOne()
    {
        var last = 0L;
        foreach (var run in (string[])["first", "second"])
        {
            await using var dashboard = await DashboardUnderTest.StartAsync();
            using var client = await dashboard.ClientAsync();
            dashboard.Logs.Of("web").Write($"{run} run", isError: false);
            var after = last;

            var text = await Eventually.BecomesAsync("its line", () => client.GetStringAsync($"/api/logs/web?after={after}"), body => body.Contains($"{run} run", StringComparison.Ordinal), Limit);

            using var body = JsonDocument.Parse(text);
            last = body.RootElement.EnumerateArray().Last().GetProperty("id").GetInt64();
        }
    }

    [Fact]
    public async Task LongLine_IsCut()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        dashboard.Logs.Of("web").Write(new string('x', 1_000_000), isError: false);

        var text = await Eventually.BecomesAsync("the line", () => client.GetStringAsync("/api/logs/web"), body => body.Contains("xxx", StringComparison.Ordinal));

        Assert.True(text.Length < 20_000);
        Assert.Contains("1000000 characters", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asset_IsSentOnce_UntilItChanges()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        using var first = await client.GetAsync("/js/main.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/js/main.js");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));

        using var second = await client.SendAsync(request);

        Assert.Equal("text/javascript", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/js/nothing.js")]
    [InlineData("/login.html")]
    [InlineData("/..%2fsecret.txt")]
    [InlineData("/api/logs/nobody")]
    public async Task WhatIsNotThere_Is404(string path)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Telemetry_IsBehindTheSameGate()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();

        Assert.Contains("\"traces\":[]", await client.GetStringAsync("/api/telemetry/traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakenPort_SaysSo()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => DashboardUnderTest.StartAsync(new Hosting.Dashboard.DashboardOptions { Port = dashboard.Server.Address.Port }));
    }
}
