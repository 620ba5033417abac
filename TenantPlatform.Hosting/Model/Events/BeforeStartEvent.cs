using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The application is about to start. Resources may still be changed.</summary>
public class BeforeStartEvent : IDistributedApplicationEvent
{
    /// <summary>Creates it.</summary>
    public BeforeStartEvent(IServiceProvider services, DistributedApplicationModel model)
    {
        Services = services;
        Model = model;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The application's resources.</summary>
    public DistributedApplicationModel Model { get; }
}
