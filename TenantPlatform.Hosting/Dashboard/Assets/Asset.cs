using Microsoft.Net.Http.Headers;

namespace TenantPlatform.Hosting.Dashboard.Assets;

/// <summary>A file of the dashboard, held in memory.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Tag">Changes with the content.</param>
internal sealed record Asset(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
