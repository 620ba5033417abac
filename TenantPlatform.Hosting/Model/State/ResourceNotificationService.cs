using System.Collections.Immutable;
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

    private readonly IServiceProvider _services;

    internal ResourceNotificationService(IServiceProvider services) => _services = services;

    /// <summary>Changes what is known of a resource, of each of its replicas when it has several.</summary>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in ReplicaIds.Of(resource))
            await PublishUpdateAsync(resource, id, stateFactory);
    }

    /// <summary>Changes what is known of one replica of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var before = _current.TryGetValue(resourceId, out var present) ? present.Snapshot : Initial(resource);
            var after = stateFactory(before);
            var changed = new ResourceEvent(resource, resourceId, after with { Commands = CommandsOf(resource, after) });
            _current[resourceId] = changed;
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(changed);
        }

        return Task.CompletedTask;
    }

    /// <summary>What is known now of a resource or a replica: an id, or the name of a resource that has only one.</summary>
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

    private static CustomResourceSnapshot Initial(IResource resource) => new()
    {
        ResourceType = resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal),
        Properties = [],
        Relationships =
        [
            .. resource is IResourceWithParent { Parent: var parent } ? [new RelationshipSnapshot(parent.Name, "Parent")] : Array.Empty<RelationshipSnapshot>(),
            .. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(relationship => new RelationshipSnapshot(relationship.Resource.Name, relationship.Type)).Distinct(),
        ],
    };

    private ImmutableArray<ResourceCommandSnapshot> CommandsOf(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = _services };
        return
        [
            .. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
                command.Name,
                command.UpdateState(context),
                command.DisplayName,
                command.DisplayDescription,
                Parameter: null,
                command.ConfirmationMessage,
                command.IconName,
                command.IconVariant,
                command.IsHighlighted)
            {
                Visibility = command.Visibility,
            }),
        ];
    }

    private string Describe(string resourceName)
    {
        ResourceEvent? now;
        lock (_lock)
            now = _current.Values.FirstOrDefault(known => string.Equals(known.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase));
        if (now is null)
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
