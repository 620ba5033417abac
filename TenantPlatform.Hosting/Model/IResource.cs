namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that the application consists of: its name and what is known of it.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application.</summary>
    string Name { get; }

    /// <summary>What has been said of the resource.</summary>
    ResourceAnnotationCollection Annotations { get; }
}
