using System.Collections.Concurrent;
using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the resources wrote. Safe for concurrent use.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceLoggerService()
    {
    }

    /// <summary>What a resource wrote, and what it writes from now on.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <inheritdoc cref="WatchAsync(IResource)"/>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Of(resourceName).WatchAsync();

    internal ResourceLog Of(string resourceName) => _logs.GetOrAdd(resourceName, static _ => new ResourceLog());
}
