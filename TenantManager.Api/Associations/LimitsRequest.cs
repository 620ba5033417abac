namespace TenantManager.Api.Associations;

/// <summary>The body of <c>PATCH …/associations/{service}</c>: absent fields stay as they are.</summary>
internal sealed record LimitsRequest(int? MaxOpenConns = null, int? MaxIdleConns = null, string? StatementTimeout = null);
