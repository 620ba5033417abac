namespace TenantManager.Contracts.Changes;

/// <summary>A tenant that has changed, as it was when the page was read: who reads late is told once, of the latest change.</summary>
/// <param name="Tenant">Its canonical id.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Status">Why it is not to be served, such as <c>suspended</c>; null when it is.</param>
public sealed record TenantChange(string Tenant, long Revision, string? Status = null);
