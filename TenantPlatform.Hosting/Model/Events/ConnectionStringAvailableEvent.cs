using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource's connection string is known.</summary>
public class ConnectionStringAvailableEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates it.</summary>
    public ConnectionStringAvailableEvent(IResource resource, IServiceProvider services)
    {
        Resource = resource;
        Services = services;
    }

    /// <inheritdoc/>
    public IResource Resource { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }
}
