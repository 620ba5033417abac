using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using TenantPlatform.Hosting.Containers;
using TenantPlatform.Hosting.Processes;
using TenantPlatform.Hosting.Servers;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Containers;

/// <summary>Containers on a real engine, of images built from this machine's own servers.</summary>
public sealed class ContainerTests : IAsyncLifetime
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(120));
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create("--Containers:Engine=docker");
    private DistributedApplication? _app;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _limit.Dispose();
    }

    [EngineFact]
    public async Task Valkey_ImageIsHere_RunsAsContainer_AndIsGoneAfterwards()
    {
        _builder.AddValkey("valkey").WithImage("tenant-platform-test/valkey", "local").WithImageRegistry(null).WithDataVolume();
        var app = await StartAsync();
        var running = await app.ResourceNotifications.WaitForResourceHealthyAsync("valkey", WaitBehavior.StopOnResourceUnavailable, _limit.Token);

        var id = Fact(running, "container.id");
        Assert.Equal(TestImages.Valkey, Fact(running, "container.image"));
        var labels = await DockerAsync("inspect", "--format", "{{json .Config.Labels}} {{.Name}} {{json .Args}} {{json .Config.Env}} {{json .HostConfig.PortBindings}}", id);
        Assert.Contains("\"tenant-platform.resource\":\"valkey\"", labels, StringComparison.Ordinal);
        Assert.Contains("/tenant-platform-valkey-", labels, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", labels, StringComparison.Ordinal);
        var password = (await app.GetConnectionStringAsync("valkey", _limit.Token))!.Split("password=")[1];
        Assert.DoesNotContain(password, labels, StringComparison.Ordinal);
        await using (var connection = await RespConnection.OpenAsync(app.GetEndpoint("valkey").Port, password, _limit.Token))
        {
            Assert.Equal("OK", await connection.ExecuteAsync(["SET", "key", "value"], _limit.Token));
            Assert.Equal("value", await connection.ExecuteAsync(["GET", "key"], _limit.Token));
        }

        await app.StopAsync(_limit.Token);
        await _app!.DisposeAsync();

        Assert.Equal(string.Empty, await DockerAsync("ps", "--all", "--quiet", "--no-trunc", "--filter", $"id={id}"));
    }

    [EngineFact]
    public async Task Postgres_ImageIsHere_RunsAsContainer_WithItsDatabases()
    {
        var server = _builder.AddPostgres("postgres").WithImage("tenant-platform-test/postgres", "local").WithImageRegistry(null);
        server.AddDatabase("books", "the \"books\"");
        var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("books", WaitBehavior.StopOnResourceUnavailable, _limit.Token);

        Assert.True(app.ResourceNotifications.TryGetCurrentState("postgres", out var now));
        var password = (await server.Resource.PasswordParameter.GetValueAsync(_limit.Token))!;
        var engine = (await ContainerEngine.FindAsync("docker", [], _limit.Token))!;
        var listed = await ChildCommand.RunAsync(
            new ChildProcessOptions
            {
                FileName = engine.Program,
                Arguments = ["exec", "--env", "PGPASSWORD", Fact(now, "container.id"), "psql", "-h", "127.0.0.1", "-U", "postgres", "-d", "the \"books\"", "-Atc", "select current_database()"],
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["PGPASSWORD"] = password },
            },
            CommandLimit,
            _limit.Token);
        Assert.Equal("the \"books\"", listed.Output);
    }

    [EngineFact]
    public async Task AddContainer_IsGivenWhatTheAppHostSays_AndRestartsOnItsPort()
    {
        var directory = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "server.conf"), "port 7000\nprotected-mode no\nbind *\n", _limit.Token);
        _builder.AddContainer("cache", "tenant-platform-test/valkey", "local")
            .WithEndpoint(targetPort: 7000, name: "resp")
            .WithBindMount(directory.FullName, "/conf", isReadOnly: true)
            .WithVolume("/data")
            .WithEntrypoint("/usr/bin/valkey-server")
            .WithEnvironment("GREETING", "hello")
            .WithArgs("/conf/server.conf");
        var app = await StartAsync();
        var first = await app.ResourceNotifications.WaitForResourceHealthyAsync("cache", WaitBehavior.StopOnResourceUnavailable, _limit.Token);
        var port = app.GetEndpoint("cache", "resp").Port;
        await Eventually.HoldsAsync("it answers", async () => await RespProbe.AnswersAsync(port, password: null, _limit.Token));
        Assert.Contains("GREETING=hello", await DockerAsync("inspect", "--format", "{{json .Config.Env}}", Fact(first, "container.id")), StringComparison.Ordinal);

        var restarted = await app.ResourceCommands.ExecuteCommandAsync("cache", KnownResourceCommands.RestartCommand, _limit.Token);

        Assert.True(restarted.Success, restarted.Message);
        await Eventually.HoldsAsync("it answers again", async () => await RespProbe.AnswersAsync(port, password: null, _limit.Token));
        Assert.True(app.ResourceNotifications.TryGetCurrentState("cache", out var second));
        Assert.NotEqual(Fact(first, "container.id"), Fact(second, "container.id"));
        directory.Delete(recursive: true);
    }

    [EngineFact]
    public async Task AddContainer_EndsByItself_IsShownWithItsExitCodeAndLastLines()
    {
        _builder.AddContainer("broken", TestImages.Valkey).WithArgs("valkey-server", "--no-such-setting", "1");
        var app = await StartAsync();

        var ended = await app.ResourceNotifications.WaitForResourceAsync(
            "broken", now => KnownResourceStates.TerminalStates.Contains(now.Snapshot.State?.Text, StringComparer.Ordinal), _limit.Token);

        Assert.Contains(ended.Snapshot.Properties, property => string.Create(CultureInfo.InvariantCulture, $"{property.Value}").Contains("no-such-setting", StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task NothingSurvives_ParentKilled_ContainerIsRemoved()
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = string.Empty;
        await using var victim = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "dotnet",
                Arguments = [typeof(ContainerTests).Assembly.Location, "victim", "container"],
                OutputLine = line =>
                {
                    if (line.StartsWith("container ", StringComparison.Ordinal))
                        id = line["container ".Length..];
                    else if (line == "ready")
                        ready.SetResult(id);
                },
            },
            _limit.Token);
        await ready.Task.WaitAsync(_limit.Token);
        Assert.Equal(id, await DockerAsync("ps", "--quiet", "--no-trunc", "--filter", $"id={id}"));

        await victim.KillAsync(_limit.Token);

        await Eventually.HoldsAsync(
            "the container is removed",
            async () => (await DockerAsync("ps", "--all", "--quiet", "--filter", $"id={id}")).Length == 0,
            TimeSpan.FromSeconds(30));
    }

    private static string Fact(ResourceEvent now, string name) =>
        (string?)now.Snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value
        ?? throw new InvalidOperationException($"'{now.ResourceId}' has no {name}: {string.Join("; ", now.Snapshot.Properties)}");

    private static async Task<string> DockerAsync(params string[] arguments) =>
        (await ChildCommand.RunAsync(new ChildProcessOptions { FileName = "docker", Arguments = arguments }, CommandLimit, CancellationToken.None)).Output;

    private async Task<DistributedApplication> StartAsync()
    {
        _app = await _builder.BuildAsync(_limit.Token);
        await _app.StartAsync(_limit.Token);
        return _app;
    }
}
