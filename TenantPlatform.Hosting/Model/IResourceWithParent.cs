namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that lives in another one, as a database in a server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource that it lives in.</summary>
    IResource Parent { get; }
}
