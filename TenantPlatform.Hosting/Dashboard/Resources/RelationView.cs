namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>Another resource that is used or waited for.</summary>
/// <param name="Name">The other one.</param>
/// <param name="Kind"><c>reference</c>, <c>wait</c> or <c>parent</c>.</param>
internal sealed record RelationView(string Name, string Kind);
