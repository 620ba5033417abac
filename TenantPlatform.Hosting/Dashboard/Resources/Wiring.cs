namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>How a resource is connected to others.</summary>
/// <param name="Relations">Whom it uses.</param>
/// <param name="Environment">Its variables.</param>
internal sealed record Wiring(IReadOnlyList<RelationView> Relations, IReadOnlyList<ValueView> Environment);
