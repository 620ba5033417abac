namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>Why a request was refused.</summary>
internal sealed record ApiError(string Error);
