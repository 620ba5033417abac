namespace TenantManager.Api.Security;

/// <summary>Marks endpoints that <see cref="AdministratorFilter"/> guards.</summary>
internal sealed class AdministratorMetadata;
