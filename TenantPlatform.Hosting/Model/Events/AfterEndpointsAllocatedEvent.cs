using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Every endpoint has its place.</summary>
public class AfterEndpointsAllocatedEvent : IDistributedApplicationEvent
{
    /// <summary>Creates it.</summary>
    public AfterEndpointsAllocatedEvent(IServiceProvider services, DistributedApplicationModel model)
    {
        Services = services;
        Model = model;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The application's resources.</summary>
    public DistributedApplicationModel Model { get; }
}
