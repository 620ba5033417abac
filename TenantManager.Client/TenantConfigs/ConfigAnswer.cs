using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>An answer of the tenant-manager, and its tag. Holds secrets: never log it.</summary>
internal sealed record ConfigAnswer(string Tag, TenantConfig Config);
