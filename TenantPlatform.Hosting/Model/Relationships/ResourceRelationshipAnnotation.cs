namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource stands to another one in some way; it is shown, and changes nothing.</summary>
public sealed class ResourceRelationshipAnnotation : IResourceAnnotation
{
    /// <summary>Creates it.</summary>
    public ResourceRelationshipAnnotation(IResource resource, string type)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(type);
        Resource = resource;
        Type = type;
    }

    /// <summary>The other one.</summary>
    public IResource Resource { get; }

    /// <summary>How: <c>Reference</c>, <c>WaitFor</c>, <c>Parent</c>, or one of the AppHost's own.</summary>
    public string Type { get; }
}
