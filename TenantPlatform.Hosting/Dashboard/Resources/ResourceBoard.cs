using System.Net.ServerSentEvents;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Running;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>What is known of every resource now. Safe for concurrent use.</summary>
internal sealed class ResourceBoard(DistributedApplicationModel model, ResourceNotificationService notifications, ResourceViews views, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _events = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Raised when something has changed.</summary>
    public Signal Changed { get; } = new();

    public TimeProvider Time => time;

    /// <summary>The resource of a name or of a replica's id; null when there is none.</summary>
    public IResource? Find(string name)
    {
        lock (_lock)
        {
            if (_events.TryGetValue(name, out var known))
                return known.Resource;
        }

        return model.Resources.ToArray().FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Follows the resources until stopped.</summary>
    /// <param name="attend">Told of every id that may write, and of its resource.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(Action<string, string> attend, CancellationToken stopping)
    {
        foreach (var resource in model.Resources.ToArray().Where(resource => resource is not ParameterResource))
        {
            foreach (var id in ReplicaIds.Of(resource))
                attend(id, resource.Name);
        }

        try
        {
            await foreach (var change in notifications.WatchAsync(stopping))
            {
                lock (_lock)
                    _events[change.ResourceId] = change;
                if (change.Resource is not ParameterResource)
                    attend(change.ResourceId, change.Resource.Name);
                Changed.Raise();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The dashboard stops.
        }
    }

    /// <summary>Every resource, in the order of the model.</summary>
    public async Task<IReadOnlyList<ResourceView>> ReadAsync()
    {
        ILookup<string, ResourceEvent> events;
        lock (_lock)
            events = _events.Values.ToLookup(known => known.Resource.Name, StringComparer.OrdinalIgnoreCase);
        var all = new List<ResourceView>();
        foreach (var resource in model.Resources.ToArray())
        {
            if (!events[resource.Name].Any(known => known.Snapshot.IsHidden))
                all.Add(await views.OfAsync(resource, [.. events[resource.Name].OrderBy(known => known.ResourceId, StringComparer.Ordinal)]));
        }

        return all;
    }

    /// <summary>Tells one client everything first, then what differs from what it was told.</summary>
    public Func<CancellationToken, ValueTask<SseItem<string>?>> Differences()
    {
        Dictionary<string, string>? told = null;
        return async _ =>
        {
            var now = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var view in await ReadAsync())
                now[view.Name] = JsonSerializer.Serialize(view, DashboardJson.Options);
            var before = told;
            told = now;
            if (before is null)
                return new SseItem<string>($"[{string.Join(',', now.Values)}]", "snapshot");
            if (before.Keys.Any(name => !now.ContainsKey(name)))
                return new SseItem<string>($"[{string.Join(',', now.Values)}]", "snapshot");
            var changed = now.Where(view => !before.TryGetValue(view.Key, out var old) || old != view.Value).Select(view => view.Value).ToArray();
            return changed.Length == 0 ? null : new SseItem<string>($"[{string.Join(',', changed)}]", "changed");
        };
    }
}
