using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>Resources as they run: what they are given, what state they are in, how they end.</summary>
public sealed class RunningTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();
    private DistributedApplication? _app;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task References_BecomeVariables()
    {
        var valkey = _builder.AddValkey("valkey");
        var web = _builder.AddExecutable("web-site", "sleep", ".", "60").WithHttpEndpoint();
        _builder.AddExecutable("show", "env", ".")
            .WithReference(valkey)
            .WithEnvironment("PLAIN", "text")
            .WithEnvironment("WEB", web.GetEndpoint("http"))
            .WithEnvironment("MIXED", $"at {web.GetEndpoint("http").Property(EndpointProperty.Port)}!");
        var app = await StartAsync();

        var finished = await app.ResourceNotifications.WaitForResourceAsync("show", now => now.Snapshot.State?.Text == KnownResourceStates.Finished, _limit.Token);
        Assert.Equal(0, finished.Snapshot.ExitCode);
        Assert.Empty(finished.Snapshot.Properties);
        app.Services.GetRequiredService<ResourceLoggerService>().GetLogger("show").LogInformation("noted {What}", "by the host");
        var lines = await LogsAsync(app, "show");

        var port = app.GetEndpoint("web-site", "http").Port;
        Assert.Contains("PLAIN=text", lines);
        Assert.Contains("noted by the host", lines);
        Assert.Contains($"WEB=http://127.0.0.1:{port}", lines);
        Assert.Contains($"MIXED=at {port}!", lines);
        Assert.Contains($"ConnectionStrings__valkey={await app.GetConnectionStringAsync("valkey")}", lines);
    }

    [Fact]
    public async Task Stop_SlowResources_AreNotCutOffByTheHost()
    {
        var app = await StartAsync();

        // The services may take one limit, and their servers another.
        Assert.True(app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout > TenantPlatform.Hosting.Running.Orchestrator.StopLimit * 2);
    }

    [Fact]
    public async Task Crash_IsShownWithItsExitCode_AndEndsAWait_WithTheCause()
    {
        _builder.AddExecutable("broken", "sh", ".", "-c", "echo the reason >&2; exit 7");
        var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("broken", KnownResourceStates.Exited, _limit.Token);
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("broken", WaitBehavior.StopOnResourceUnavailable, _limit.Token));

        Assert.Contains("exit code 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("the reason", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingProgram_FailsToStart_WithTheCause()
    {
        _builder.AddExecutable("missing", "no-such-program-here", ".");
        var app = await StartAsync();

        await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("missing", WaitBehavior.StopOnResourceUnavailable, _limit.Token));
    }

    [Fact]
    public async Task WaitFor_StartsOnlyWhenTheOtherIsHealthy()
    {
        var first = _builder.AddValkey("first");
        _builder.AddExecutable("second", "sleep", ".", "60").WaitFor(first);
        var order = new List<string>();
        var app = await _builder.BuildAsync(_limit.Token);
        _app = app;
        var watching = Task.Run(async () =>
        {
            await foreach (var change in app.ResourceNotifications.WatchAsync(_limit.Token))
            {
                if (change.Resource is not ParameterResource && change.Snapshot.State?.Text == KnownResourceStates.Running && !order.Contains(change.Resource.Name, StringComparer.Ordinal))
                    order.Add(change.Resource.Name);
                if (order.Count == 2)
                    return;
            }
        });

        await app.StartAsync(_limit.Token);
        await watching;

        Assert.Equal(["first", "second"], order);
    }

    [Fact]
    public async Task Commands_StopStartAndRestart_RealProcesses()
    {
        _builder.AddExecutable("worker", "sleep", ".", "60");
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("worker", _limit.Token);
        var first = ProcessId(app, "worker");

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.RestartCommand, _limit.Token)).Success);
        var second = ProcessId(app, "worker");
        Assert.NotEqual(first, second);
        Assert.False(IsRunning(first));

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, _limit.Token)).Success);
        Assert.False(IsRunning(second));
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, _limit.Token)).Success);
        Assert.True(IsRunning(ProcessId(app, "worker")));
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("nobody", KnownResourceCommands.StartCommand, _limit.Token)).Success);
    }

    [Fact]
    public async Task Dispose_EndsEveryProcess_InTwoApplicationsSideBySide()
    {
        _builder.AddExecutable("worker", "sleep", ".", "60");
        var other = DistributedApplicationTestingBuilder.Create();
        other.AddExecutable("worker", "sleep", ".", "60");
        var one = await StartAsync();
        var two = await other.BuildAsync(_limit.Token);
        await two.StartAsync(_limit.Token);
        await one.ResourceNotifications.WaitForResourceHealthyAsync("worker", _limit.Token);
        await two.ResourceNotifications.WaitForResourceHealthyAsync("worker", _limit.Token);
        var (first, second) = (ProcessId(one, "worker"), ProcessId(two, "worker"));

        await two.DisposeAsync();

        Assert.False(IsRunning(second));
        Assert.True(IsRunning(first));
    }

    [Fact]
    public async Task Database_IsThere_WhenItIsHealthy()
    {
        _builder.AddPostgres("postgres").AddDatabase("books", "the_books");
        var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("books", _limit.Token);

        await using var source = Npgsql.NpgsqlDataSource.Create((await app.GetConnectionStringAsync("books"))!);
        await using var command = source.CreateCommand("select current_database()");
        Assert.Equal("the_books", await command.ExecuteScalarAsync(_limit.Token));
    }

    [Fact]
    public async Task WithPersistence_IsWhatTheServerIsTold()
    {
        _builder.AddValkey("valkey").WithPersistence(TimeSpan.FromSeconds(7), keysChangedThreshold: 3);
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("valkey", WaitBehavior.StopOnResourceUnavailable, _limit.Token);

        await using var connection = await RespConnection.OpenAsync(
            app.GetEndpoint("valkey").Port, (await app.GetConnectionStringAsync("valkey"))!.Split("password=")[1], _limit.Token);

        Assert.Equal(["save", "7 3"], Assert.IsAssignableFrom<IEnumerable<object?>>(await connection.ExecuteAsync(["CONFIG", "GET", "save"], _limit.Token)));
    }

    private async Task<DistributedApplication> StartAsync()
    {
        _app = await _builder.BuildAsync(_limit.Token);
        await _app.StartAsync(_limit.Token);
        return _app;
    }

    private async Task<IReadOnlyList<string>> LogsAsync(DistributedApplication app, string resource)
    {
        var service = (ResourceLoggerService)app.Services.GetService(typeof(ResourceLoggerService))!;
        await foreach (var lines in service.WatchAsync(resource).WithCancellation(_limit.Token))
            return [.. lines.Select(line => line.Content)];
        return [];
    }

    private static int ProcessId(DistributedApplication app, string resource)
    {
        Assert.True(app.ResourceNotifications.TryGetCurrentState(resource, out var now));
        return Convert.ToInt32(now.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
    }

    private static bool IsRunning(int pid) => Process.GetProcesses().Any(process => process.Id == pid && !process.HasExited);
}
