namespace TenantManager.Api.Configuration;

/// <summary>Marks endpoints that take <c>If-Match</c>.</summary>
internal sealed class IfMatchMetadata;
