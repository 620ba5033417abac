using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource has ended, by itself or because it was told to.</summary>
public class ResourceStoppedEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates it.</summary>
    public ResourceStoppedEvent(IResource resource, IServiceProvider services, ResourceEvent resourceEvent)
    {
        Resource = resource;
        Services = services;
        ResourceEvent = resourceEvent;
    }

    /// <inheritdoc/>
    public IResource Resource { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>How it ended.</summary>
    public ResourceEvent ResourceEvent { get; }
}
