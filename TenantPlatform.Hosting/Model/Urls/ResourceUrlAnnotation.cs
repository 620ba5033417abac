namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address that people are shown.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>Its place in the order; higher ones first.</summary>
    public int? DisplayOrder { get; set; }

    /// <summary>The address. One that begins with a slash is relative to <see cref="Endpoint"/>.</summary>
    public required string Url { get; set; }

    /// <summary>The name that people see; null: the address.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Where it is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }
}
