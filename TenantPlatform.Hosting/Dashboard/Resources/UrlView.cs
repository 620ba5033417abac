namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>Where a resource is.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The address.</param>
/// <param name="Text">What is shown for it.</param>
/// <param name="IsLink">Whether a browser can open it.</param>
internal sealed record UrlView(string? Name, string Url, string Text, bool IsLink);
