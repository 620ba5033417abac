namespace TenantManager.Api.Associations;

/// <summary>The body of <c>POST …/associations/{service}</c>.</summary>
internal sealed record AssociateRequest(string? IsolationMode = null, int? MaxOpenConns = null, int? MaxIdleConns = null);
