namespace Aspire.Hosting.ApplicationModel;

/// <summary>The addresses of a resource while they are collected.</summary>
public class ResourceUrlsCallbackContext
{
    /// <summary>Creates it.</summary>
    public ResourceUrlsCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        List<ResourceUrlAnnotation>? urls = null,
        CancellationToken cancellationToken = default)
    {
        ExecutionContext = executionContext;
        Resource = resource;
        Urls = urls ?? [];
        CancellationToken = cancellationToken;
    }

    /// <summary>How the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>Its addresses: those of its endpoints, and what was added.</summary>
    public List<ResourceUrlAnnotation> Urls { get; }

    /// <summary>Ends collecting.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>An endpoint of the resource; null when it has none of that name.</summary>
    public EndpointReference? GetEndpoint(string name) =>
        Resource is IResourceWithEndpoints owner && new EndpointReference(owner, name) is { Exists: true } endpoint ? endpoint : null;
}
