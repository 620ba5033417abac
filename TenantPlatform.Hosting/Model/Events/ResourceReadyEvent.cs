using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource has become healthy for the first time since it was started.</summary>
public class ResourceReadyEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates it.</summary>
    public ResourceReadyEvent(IResource resource, IServiceProvider services)
    {
        Resource = resource;
        Services = services;
    }

    /// <inheritdoc/>
    public IResource Resource { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }
}
