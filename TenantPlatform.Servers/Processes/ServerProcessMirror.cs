using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.Servers;

/// <summary>Shows on a server, and on its databases, what becomes of its process: state, process id, log, and the events that others wait for.</summary>
/// <remarks>
/// What Aspire's orchestrator does for a container and the resources below it. The server counts as running when it accepts
/// connections, which is later than its process's start; health checks and whoever waits for it go by the server.
/// </remarks>
internal sealed class ServerProcessMirror(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    IHostApplicationLifetime lifetime)
{
    private const string ProcessIdProperty = "executable.pid";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    /// <summary>The process id that a resource shows; null: it shows none.</summary>
    public static int? ProcessId(ResourceNotificationService notifications, IResource resource) =>
        notifications.TryGetCurrentState(resource.Name, out var now) ? ProcessId(now.Snapshot) : null;

    /// <summary>Follows the processes until the application ends.</summary>
    public void Start(IReadOnlyList<ServerProcessResource> processes)
    {
        foreach (var process in processes)
        {
            eventing.Subscribe<InitializeResourceEvent>(process.Server, (_, cancellationToken) => InitializeAsync(process, cancellationToken));
            eventing.Subscribe<BeforeResourceStartedEvent>(process, (_, cancellationToken) => BeforeStartAsync(process, cancellationToken));
            _ = FollowAsync(process, lifetime.ApplicationStopping);
            _ = FollowLogAsync(process, lifetime.ApplicationStopping);
        }
    }

    private static int? ProcessId(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == ProcessIdProperty)?.Value is { } value
        && int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    private async Task InitializeAsync(ServerProcessResource process, CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(process.Server, services), cancellationToken);
        await notifications.PublishUpdateAsync(process.Server, snapshot => snapshot with
        {
            ResourceType = "Process",
            State = snapshot.State ?? KnownResourceStates.Starting,
            Urls = [.. snapshot.Urls.Select(url => url with { IsInactive = false })],
        });
    }

    private async Task BeforeStartAsync(ServerProcessResource process, CancellationToken cancellationToken)
    {
        foreach (var resource in Family(process).OfType<IResourceWithConnectionString>())
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        await eventing.PublishAsync(new BeforeResourceStartedEvent(process.Server, services), cancellationToken);
    }

    private async Task FollowAsync(ServerProcessResource process, CancellationToken cancellationToken)
    {
        try
        {
            string? shown = null;
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (change.Resource != process || change.Snapshot.State?.Text is not { } state || (state == shown && state != KnownResourceStates.Running))
                    continue;
                if (state == KnownResourceStates.Running)
                {
                    if (shown == state || ProcessId(change.Snapshot) is not { } id)
                        continue;
                    await ReadyAsync(process, id, cancellationToken);
                }

                shown = state;
                await ShowAsync(process, change.Snapshot);
                if (KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal))
                    await TellStoppedAsync(process, change, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }

    private async Task ReadyAsync(ServerProcessResource process, int id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyLimit);

        // A process that ends instead never becomes ready.
        var ended = notifications.WaitForResourceAsync(process.Name, KnownResourceStates.TerminalStates, limit.Token);
        var ready = process.Program.ReadyAsync(process.Port, id, limit.Token);
        try
        {
            await await Task.WhenAny(ready, ended);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // It runs, and its health check will tell; here it can only be said.
            logs.GetLogger(process.Server).LogError("Process {ProcessId} does not become ready: {Reason}", id, exception.Message);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    private async Task ShowAsync(ServerProcessResource process, CustomResourceSnapshot source)
    {
        foreach (var resource in Family(process))
        {
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                State = source.State,
                CreationTimeStamp = source.CreationTimeStamp,
                StartTimeStamp = source.StartTimeStamp,
                StopTimeStamp = source.StopTimeStamp,
                ExitCode = source.ExitCode,
                Properties = resource == process.Server
                    ? [.. snapshot.Properties.Where(IsOthers), .. source.Properties.Where(property => !IsOthers(property)).Select(property => Unwrapped(property, process.Started))]
                    : snapshot.Properties,
            });
        }
    }

    // The server's own program and arguments, not those of what starts it.
    private static ResourcePropertySnapshot Unwrapped(ResourcePropertySnapshot property, ServerCommand? command) => (property.Name, command) switch
    {
        (_, null) => property,
        ("executable.path", _) => property with { Value = command.Program },
        ("executable.args", _) => property with { Value = command.Arguments.ToImmutableArray() },
        _ => property,
    };

    private static bool IsOthers(ResourcePropertySnapshot property) => !property.Name.StartsWith("executable.", StringComparison.Ordinal);

    private async Task TellStoppedAsync(ServerProcessResource process, ResourceEvent change, CancellationToken cancellationToken)
    {
        foreach (var resource in Family(process))
            await eventing.PublishAsync(new ResourceStoppedEvent(resource, services, change), cancellationToken);
    }

    private async Task FollowLogAsync(ServerProcessResource process, CancellationToken cancellationToken)
    {
        var log = logs.GetLogger(process.Server);
        try
        {
            await foreach (var lines in logs.WatchAsync(process).WithCancellation(cancellationToken))
            {
                foreach (var line in lines)
                    log.Log(line.IsErrorMessage && process.Program is ValkeyProgram ? LogLevel.Error : LogLevel.Information, "{Line}", Text(line.Content));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }

    // The log that a line goes into puts the time before it again.
    private static string Text(string content) =>
        content.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space && DateTimeOffset.TryParse(content.AsSpan(0, space), CultureInfo.InvariantCulture, out _)
            ? content[(space + 1)..]
            : content;

    private IEnumerable<IResource> Family(ServerProcessResource process) =>
        services.GetRequiredService<DistributedApplicationModel>().Resources
            .Where(resource => resource is IResourceWithParent child && child.Parent == process.Server)
            .Prepend(process.Server);
}
