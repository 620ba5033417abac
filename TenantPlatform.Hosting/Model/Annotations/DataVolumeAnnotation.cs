using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Model;

/// <summary>The server's data is kept between runs, under this name.</summary>
internal sealed record DataVolumeAnnotation(string? Name) : IResourceAnnotation;
