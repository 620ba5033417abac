namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>A named value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value; absent when it is masked.</param>
/// <param name="IsMasked">Whether it is never shown.</param>
internal sealed record ValueView(string Name, string? Value, bool IsMasked);
