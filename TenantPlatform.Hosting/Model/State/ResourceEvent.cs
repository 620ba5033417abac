namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource has changed.</summary>
public class ResourceEvent
{
    /// <summary>Creates it.</summary>
    public ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
    {
        Resource = resource;
        ResourceId = resourceId;
        Snapshot = snapshot;
    }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>Its id: its name, since no resource has replicas of its own here.</summary>
    public string ResourceId { get; }

    /// <summary>What is known of it now.</summary>
    public CustomResourceSnapshot Snapshot { get; }
}
