namespace Aspire.Hosting.ApplicationModel;

/// <summary>A directory that a container is given.</summary>
public sealed class ContainerMountAnnotation : IResourceAnnotation
{
    /// <summary>Creates it.</summary>
    /// <param name="source">The directory or the volume's name; null: a volume that ends with the container.</param>
    /// <param name="target">Where the container sees it.</param>
    /// <param name="type">What it is.</param>
    /// <param name="isReadOnly">Whether the container may only read it.</param>
    public ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (type == ContainerMountType.BindMount && !Path.IsPathRooted(source))
            throw new ArgumentException($"The directory '{source}' must be an absolute path.", nameof(source));
        Source = source;
        Target = target;
        Type = type;
        IsReadOnly = isReadOnly;
    }

    /// <summary>The directory or the volume's name; null: a volume that ends with the container.</summary>
    public string? Source { get; }

    /// <summary>Where the container sees it.</summary>
    public string Target { get; }

    /// <summary>What it is.</summary>
    public ContainerMountType Type { get; }

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; }
}
