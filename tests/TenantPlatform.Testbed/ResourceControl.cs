using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Drills;

namespace TenantPlatform.Testbed;

/// <summary>Stops, starts, restarts and kills resources, and waits until that has really happened.</summary>
public sealed class ResourceControl(DistributedApplication app)
{
    private const string WatchSetting = "Drills:Watch";
    private static readonly string[] EndStates = [KnownResourceStates.Exited, KnownResourceStates.Finished, KnownResourceStates.FailedToStart];

    /// <summary>The process id of a running project or executable; null for a container.</summary>
    public int? ProcessId(string resource) =>
        app.ResourceNotifications.TryGetCurrentState(resource, out var current) ? ProcessId(current!.Snapshot) : null;

    /// <summary>The process id of a running project's program itself, below whatever has started it; null when it does not run.</summary>
    public int? ProgramId(string resource) => ProcessId(resource) is { } shown ? ProcessTree.Service(shown) : null;

    /// <summary>Ends the resource's process in order, and returns when it is gone.</summary>
    public async Task StopAsync(string resource, CancellationToken cancellationToken)
    {
        await CommandAsync(resource, KnownResourceCommands.StopCommand, cancellationToken);
        await EndedAsync(resource, cancellationToken);
    }

    /// <summary>Starts a stopped resource, and returns when it is healthy.</summary>
    public async Task StartAsync(string resource, CancellationToken cancellationToken)
    {
        await CommandAsync(resource, KnownResourceCommands.StartCommand, cancellationToken);

        // Otherwise it gives up at the sight of the state that the resource had before the command.
        await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);
    }

    /// <summary>Ends the resource's process and starts a new one; returns both process ids once the new one is healthy.</summary>
    public async Task<(int? Before, int? After)> RestartAsync(string resource, CancellationToken cancellationToken)
    {
        var before = ProcessId(resource);
        await CommandAsync(resource, KnownResourceCommands.RestartCommand, cancellationToken);
        var restarted = await app.ResourceNotifications.WaitForResourceAsync(
            resource,
            now => now.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
                && ProcessId(now.Snapshot) is var pid && (pid is null || pid != before),
            cancellationToken);
        return (before, ProcessId(restarted.Snapshot));
    }

    /// <summary>Returns when the resource has ended.</summary>
    public Task EndedAsync(string resource, CancellationToken cancellationToken) =>
        app.ResourceNotifications.WaitForResourceAsync(resource, EndStates, cancellationToken);

    /// <summary>Executes one of the resource's commands, which must succeed; returns what it says of itself.</summary>
    public async Task<string> CommandAsync(string resource, string command, CancellationToken cancellationToken) =>
        (await ExecuteAsync(resource, command, cancellationToken)).Message ?? string.Empty;

    /// <summary>Executes a drill while the pods are watched, and for a while afterwards; returns its evidence.</summary>
    public async Task<string> WatchedAsync(string resource, string drill, TimeSpan watch, CancellationToken cancellationToken)
    {
        var configuration = app.Services.GetRequiredService<IConfiguration>();
        var before = configuration[WatchSetting];
        configuration[WatchSetting] = watch.ToString("c", CultureInfo.InvariantCulture);
        try
        {
            return (await ExecuteAsync(resource, drill, cancellationToken)).Data?.Value ?? string.Empty;
        }
        finally
        {
            configuration[WatchSetting] = before;
        }
    }

    /// <summary>Whether a process with this id runs now.</summary>
    public static bool IsRunning(int pid) => Directory.Exists($"/proc/{pid}") || Process.GetProcesses().Any(p => p.Id == pid);

    private async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        PlatformException.ThrowUnless(result.Success, $"The command '{command}' on '{resource}' failed: {result.Message}");
        return result;
    }

    /// <summary>The letter of a process's state as the kernel shows it: <c>T</c> when it is frozen; null when there is no such process.</summary>
    public static char? StateOf(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int? ProcessId(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
        && int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var pid)
            ? pid
            : null;
}
