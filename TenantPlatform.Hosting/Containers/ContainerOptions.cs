using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Containers;

/// <summary>What a container is to be.</summary>
internal sealed class ContainerOptions
{
    public required string Resource { get; init; }

    public required string Owner { get; init; }

    public required string Image { get; init; }

    public string? Entrypoint { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables. Their values are not on the command line: other users of the machine could read them there.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Ports: here, and in the container.</summary>
    public IReadOnlyList<(int Host, int Container)> Ports { get; init; } = [];

    public IReadOnlyList<ContainerMountAnnotation> Mounts { get; init; } = [];

    /// <summary>Text for the program's standard input; null: it has none.</summary>
    public string? StandardInput { get; init; }

    public Action<string, bool>? Output { get; init; }
}
