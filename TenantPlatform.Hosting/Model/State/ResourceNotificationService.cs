using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Tells what state every resource is in, and lets others wait for one. Safe for concurrent use.</summary>
public class ResourceNotificationService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    internal ResourceNotificationService()
    {
    }

    /// <summary>Changes what is known of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var before = _current.TryGetValue(resource.Name, out var present)
                ? present.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal), Properties = [] };
            var changed = new ResourceEvent(resource, resource.Name, stateFactory(before));
            _current[resource.Name] = changed;
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(changed);
        }

        return Task.CompletedTask;
    }

    /// <summary>What is known of a resource now.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
            return _current.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>Everything known now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watcher = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var present in _current.Values)
                watcher.Writer.TryWrite(present);
            _watchers.Add(watcher);
        }

        try
        {
            await foreach (var change in watcher.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(watcher);
        }
    }

    /// <summary>Waits until a resource is in a state; running unless told.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a resource is in one of the states; returns which.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var wanted = targetStates.ToArray();
        var reached = await WaitForResourceAsync(
            resourceName, now => now.Snapshot.State is { } state && wanted.Contains(state.Text, StringComparer.OrdinalIgnoreCase), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until a resource is as wanted.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended; the message says what was last seen.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        try
        {
            await foreach (var change in WatchAsync(cancellationToken))
            {
                if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
                    return change;
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException($"Waiting for '{resourceName}' was ended. {Describe(resourceName)}", exception, cancellationToken);
        }

        throw new OperationCanceledException($"Waiting for '{resourceName}' was ended.", cancellationToken);
    }

    /// <summary>Waits until a resource is healthy, however long it takes.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a resource is healthy.</summary>
    /// <exception cref="DistributedApplicationException">The resource has failed, and the behaviour says to stop then; the message says why.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            now => now.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && KnownResourceStates.TerminalStates.Contains(now.Snapshot.State?.Text, StringComparer.Ordinal)),
            cancellationToken);
        return reached.Snapshot.HealthStatus == HealthStatus.Healthy
            ? reached
            : throw new DistributedApplicationException($"'{resourceName}' cannot become healthy. {Describe(resourceName)}");
    }

    private string Describe(string resourceName)
    {
        if (!TryGetCurrentState(resourceName, out var now))
            return "Nothing is known of it: is there such a resource?";
        var snapshot = now.Snapshot;
        var text = new StringBuilder($"Its state is {snapshot.State?.Text ?? "unknown"}");
        if (snapshot.ExitCode is { } code)
            text.Append(CultureInfo.InvariantCulture, $", exit code {code}");
        foreach (var report in snapshot.HealthReports.Where(report => report.Status != HealthStatus.Healthy))
            text.Append(CultureInfo.InvariantCulture, $"; {report.Name} is {report.Status?.ToString() ?? "not known"} {report.Description}");
        if (snapshot.Properties.FirstOrDefault(property => property.Name == ResourceProperties.Failure)?.Value is { } failure)
            text.Append(CultureInfo.InvariantCulture, $"; {failure}");
        return text.Append('.').ToString();
    }
}
