namespace TenantManager.Api.Associations;

/// <summary>Why a tenant is not to be served.</summary>
internal sealed record DeniedAnswer(string Code, string Error, string Status, long Revision);
