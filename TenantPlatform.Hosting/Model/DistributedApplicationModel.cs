namespace Aspire.Hosting.ApplicationModel;

/// <summary>The application as it was described.</summary>
public class DistributedApplicationModel
{
    /// <summary>Creates a model.</summary>
    public DistributedApplicationModel(IResourceCollection resources) => Resources = resources;

    /// <summary>Its resources.</summary>
    public IResourceCollection Resources { get; }
}
