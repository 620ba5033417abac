namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry; null: the engine's own choice.</summary>
    public string? Registry { get; set; }

    /// <summary>The image's name.</summary>
    public required string Image { get; set; }

    /// <summary>Its tag; null: <c>latest</c>.</summary>
    public string? Tag { get; set; }

    /// <summary>Its digest, instead of a tag.</summary>
    public string? SHA256 { get; set; }

    /// <summary>The name that an engine understands.</summary>
    internal string Reference =>
        $"{(Registry is null ? string.Empty : Registry + "/")}{Image}{(SHA256 is not null ? $"@sha256:{SHA256}" : $":{Tag ?? "latest"}")}";
}
