namespace TenantManager.Api.Associations;

/// <summary>The body of <c>POST …/associations/{service}/invalidate</c>.</summary>
internal sealed record InvalidateRequest(string? Reason = null);
