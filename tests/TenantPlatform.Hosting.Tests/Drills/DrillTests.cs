using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using TenantPlatform.Drills;
using TenantPlatform.Hosting.Servers;
using TenantPlatform.Hosting.Tests.Application;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Drills;

/// <summary>Drills as resource commands.</summary>
public sealed class DrillTests : DescribedApplication
{
    [Fact]
    public async Task Kill_EndsTheProcess_WhichIsShownAsKilled_AndCanBeStarted()
    {
        Builder.AddExecutable("worker", "sleep", ".", "60").WithDrills();
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("worker", cancellationToken: Limit.Token);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", ProcessDrills.Kill, Limit.Token)).Success);

        await app.ResourceNotifications.WaitForResourceAsync("worker", KnownResourceStates.Exited, Limit.Token);
        Assert.Equal(137, Now(app, "worker").ExitCode);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, Limit.Token)).Success);
    }

    [Fact]
    public async Task Pause_FreezesTheProcess_UntilResume()
    {
        Builder.AddValkey("valkey").WithValkeyDrills();
        var app = await StartAsync();
        var port = await HealthyPortAsync(app);
        var pid = Property(Now(app, "valkey"), "executable.pid")!;

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("valkey", ProcessDrills.Pause, Limit.Token)).Success);

        await Eventually.HoldsAsync("it is stopped", () => StateOf(pid) == "T");
        Assert.Contains(Now(app, "valkey").Commands, command => command is { Name: "resume", State: ResourceCommandState.Enabled });
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("valkey", ProcessDrills.Resume, Limit.Token)).Success);
        await Eventually.HoldsAsync("it goes on", () => StateOf(pid) != "T");
        Assert.True(await RespProbe.AnswersAsync(port, await PasswordAsync(app), Limit.Token));
    }

    [Fact]
    public async Task Empty_ForgetsEveryKey()
    {
        Builder.AddValkey("valkey").WithValkeyDrills();
        var app = await StartAsync();
        var port = await HealthyPortAsync(app);
        await using var connection = await RespConnection.OpenAsync(port, await PasswordAsync(app), Limit.Token);
        await connection.ExecuteAsync(["SET", "key", "value"], Limit.Token);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("valkey", ValkeyDrills.Empty, Limit.Token)).Success);

        Assert.Null(await connection.ExecuteAsync(["GET", "key"], Limit.Token));
    }

    [Fact]
    public async Task DropClients_ClosesTheirConnections()
    {
        Builder.AddValkey("valkey").WithValkeyDrills();
        var app = await StartAsync();
        var port = await HealthyPortAsync(app);
        await using var connection = await RespConnection.OpenAsync(port, await PasswordAsync(app), Limit.Token);

        var dropped = await app.ResourceCommands.ExecuteCommandAsync("valkey", ValkeyDrills.DropClients, Limit.Token);

        Assert.True(dropped.Success, dropped.Message);
        await Assert.ThrowsAnyAsync<IOException>(() => connection.ExecuteAsync(["PING"], Limit.Token));
    }

    [Fact]
    public async Task Drills_OfAResourceThatDoesNotRun_AreRefused()
    {
        Builder.AddExecutable("worker", "sleep", ".", "60").WithDrills().WithExplicitStart();
        var app = await StartAsync();

        var killed = await app.ResourceCommands.ExecuteCommandAsync("worker", ProcessDrills.Kill, Limit.Token);

        Assert.False(killed.Success);
        Assert.Contains("NotStarted", killed.Message, StringComparison.Ordinal);
    }

    private static string StateOf(string pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[0];

    private async Task<int> HealthyPortAsync(DistributedApplication app)
    {
        await app.ResourceNotifications.WaitForResourceHealthyAsync("valkey", WaitBehavior.StopOnResourceUnavailable, Limit.Token);
        return app.GetEndpoint("valkey").Port;
    }

    private async Task<string> PasswordAsync(DistributedApplication app) => (await app.GetConnectionStringAsync("valkey", Limit.Token))!.Split("password=")[1];
}
