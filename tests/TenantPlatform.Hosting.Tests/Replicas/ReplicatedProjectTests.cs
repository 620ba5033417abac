using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using TenantPlatform.Drills;
using TenantPlatform.Hosting.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary><c>WithReplicas</c> with real processes.</summary>
public sealed class ReplicatedProjectTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private readonly List<DistributedApplication> _apps = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task Replicas_AreSpreadOver_AndSkippedWhenUnhealthyOrStopped()
    {
        var app = await StartAsync(3);
        using var client = app.CreateHttpClient("service", "http");
        Assert.Equal(3, (await AnswersAsync(client, 9)).Count);

        // Unhealthy: it runs, but its check fails.
        using var first = new HttpClient { BaseAddress = new Uri(ReplicaAddress.Of(app, "service-1")) };
        var unhealthy = await first.GetStringAsync("/id", _limit.Token);
        await first.PostAsync("/health/500", content: null, _limit.Token);
        await Eventually.HoldsAsync("the unhealthy one is skipped", async () => !(await AnswersAsync(client, 9)).Contains(unhealthy));

        // Stopped: its process is gone.
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service-2", KnownResourceCommands.StopCommand, _limit.Token)).Success);
        await Eventually.HoldsAsync("the stopped one is skipped", async () => (await AnswersAsync(client, 9)).Count == 1);

        await first.PostAsync("/health/200", content: null, _limit.Token);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service-2", KnownResourceCommands.StartCommand, _limit.Token)).Success);
        await Eventually.HoldsAsync("all three answer again", async () => (await AnswersAsync(client, 9)).Count == 3);
    }

    [Fact]
    public async Task Command_OnTheResource_IsExecutedWhereItMakesSense_AndOnAReplica_ThereOnly()
    {
        var app = await StartAsync(2);
        var killed = await app.ResourceCommands.ExecuteCommandAsync("service-1", ProcessDrills.Kill, _limit.Token);
        Assert.True(killed.Success, killed.Message);
        await Eventually.HoldsAsync("one is gone", () => ReplicaAddress.State(app, "service-1")?.State?.Text == KnownResourceStates.Exited, TimeSpan.FromSeconds(60));
        Assert.Equal(KnownResourceStates.Running, ReplicaAddress.State(app, "service-2")?.State?.Text);

        var started = await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand, _limit.Token);
        Assert.True(started.Success, started.Message);
        await ReplicaAddress.WaitHealthyAsync(app, "service-1", _limit.Token);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand, _limit.Token)).Success);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service-2", ProcessDrills.Pause, _limit.Token)).Success);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service-2", ProcessDrills.Resume, _limit.Token)).Success);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("service-1", ProcessDrills.Resume, _limit.Token)).Success);
    }

    [Fact]
    public async Task KilledReplica_UnderLoad_LosesNoGet_AndRepeatsNoPost()
    {
        var app = await StartAsync(2);
        using var client = app.CreateHttpClient("service", "http");
        using var survivor = new HttpClient { BaseAddress = new Uri(ReplicaAddress.Of(app, "service-2")) };
        var pid = Convert.ToInt32(ReplicaAddress.State(app, "service-1")!.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
        var statuses = new ConcurrentBag<HttpStatusCode>();
        var posted = new ConcurrentBag<string>();
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                using var get = await client.GetAsync("/id", _limit.Token);
                statuses.Add(get.StatusCode);
                var key = $"{worker}-{i}";
                using var post = await client.PostAsync($"/calls/{key}", content: null, _limit.Token);
                posted.Add(key);
            }
        })).ToArray();
        await Eventually.HoldsAsync("load runs", () => statuses.Count > 200);

        UnixProcess.SignalGroup(pid, UnixSignal.Kill);
        await app.ResourceNotifications.WaitForResourceAsync("service", now => now.ResourceId == "service-1" && now.Snapshot.State?.Text == KnownResourceStates.Exited, _limit.Token);
        var before = statuses.Count;
        await Eventually.HoldsAsync("load goes on", () => statuses.Count > before + 200);
        await enough.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        foreach (var key in posted.Take(500))
            Assert.InRange(int.Parse(await survivor.GetStringAsync($"/calls/{key}", _limit.Token), CultureInfo.InvariantCulture), 0, 1);
    }

    [Fact]
    public async Task NoneRunning_Is503_AndApplicationsSideBySide_HaveFrontsOfTheirOwn()
    {
        var one = await StartAsync(2);
        var two = await StartAsync(2);
        using var first = one.CreateHttpClient("service", "http");
        using var second = two.CreateHttpClient("service", "http");
        Assert.Empty((await AnswersAsync(first, 6)).Intersect(await AnswersAsync(second, 6), StringComparer.Ordinal));

        await one.ResourceCommands.ExecuteCommandAsync("service-1", KnownResourceCommands.StopCommand, _limit.Token);
        await one.ResourceCommands.ExecuteCommandAsync("service-2", KnownResourceCommands.StopCommand, _limit.Token);

        await Eventually.BecomesAsync("none is left", async () => (await first.GetAsync("/id", _limit.Token)).StatusCode, status => status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(2, (await AnswersAsync(second, 6)).Count);
        var address = first.BaseAddress!;
        await one.DisposeAsync();
        _apps.Remove(one);
        using var gone = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => gone.ConnectAsync(address.Host, address.Port, _limit.Token).AsTask());
    }

    [Fact]
    public async Task TcpEndpoint_SpreadsConnections()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var service = builder.AddProject<ReplicaProject>("service").WithArgs("replica").WithReplicas(2).WithEndpoint(name: "raw", scheme: "tcp");
        service.WithEnvironment("ASPNETCORE_URLS", $"http://127.0.0.1:{service.GetEndpoint("raw").Property(EndpointProperty.TargetPort)}");
        var app = await builder.BuildAsync(_limit.Token);
        _apps.Add(app);
        await app.StartAsync(_limit.Token);
        var address = new UriBuilder(app.GetEndpoint("service", "raw")) { Scheme = "http" }.Uri;

        await Eventually.HoldsAsync("each connection goes to another one", async () =>
        {
            var answers = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < 2; i++)
            {
                using var client = new HttpClient { BaseAddress = address };
                answers.UnionWith(await AnswersAsync(client, 3));
            }

            return answers.Count == 2;
        });
    }

    [Fact]
    public async Task UdpEndpoint_OfReplicas_IsRefused()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProject<ReplicaProject>("service").WithArgs("replica").WithReplicas(2)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Udp, name: "raw"));
        var app = await builder.BuildAsync(_limit.Token);
        _apps.Add(app);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(_limit.Token));

        Assert.Contains("'raw'", error.Message, StringComparison.Ordinal);
    }

    private async Task<DistributedApplication> StartAsync(int replicas)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProject<ReplicaProject>("service").WithArgs("replica").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(replicas).WithDrills();
        var app = await builder.BuildAsync(_limit.Token);
        _apps.Add(app);
        await app.StartAsync(_limit.Token);
        for (var n = 1; n <= replicas; n++)
            await ReplicaAddress.WaitHealthyAsync(app, $"service-{n}", _limit.Token);
        using var client = app.CreateHttpClient("service", "http");
        await Eventually.HoldsAsync("the front knows all", async () => (await AnswersAsync(client, replicas * 3)).Count == replicas);
        return app;
    }

    private async Task<HashSet<string>> AnswersAsync(HttpClient client, int count)
    {
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
            answers.Add(await client.GetStringAsync("/id", _limit.Token));
        return answers;
    }
}
