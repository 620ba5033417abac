using Cache.Core.Memory;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>A tenant's and service's grip on L1's entry.</summary>
internal sealed class ConfigSlot(string tenant, string service, HeldEntry<TenantConfig> entry)
{
    public readonly string Tenant = tenant;

    public readonly string Service = service;

    public readonly HeldEntry<TenantConfig> Entry = entry;
}
