using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the resources wrote. Safe for concurrent use.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceLoggerService()
    {
    }

    /// <summary>What a resource wrote, all of its replicas, and what it writes from now on.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>What a resource or a replica wrote, and what it writes from now on.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Of(resourceName).WatchAsync();

    /// <summary>Writes to a resource's log.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.Name);
    }

    /// <summary>Writes to the log of a resource or a replica.</summary>
    public ILogger GetLogger(string resourceName) => new ResourceLogLogger(Of(resourceName));

    internal ResourceLog Of(string resourceName) => _logs.GetOrAdd(resourceName, static _ => new ResourceLog());
}
