using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Does what a change asks for that the feed tells of: nothing, where this process holds nothing older; otherwise the tenant is
/// revalidated, and the tenant-manager's answer to that decides. So the feed can make things faster, and takes nothing back that
/// is known better (MonotonicPod).
/// </summary>
internal sealed class FeedChanges(TenantPools pools, Revocations revocations, TenantConfigClient configs, TenantManagerClientOptions options)
{
    /// <summary>Takes note of a change.</summary>
    /// <returns>Whether the tenant is to be revalidated.</returns>
    public bool Take(TenantId tenant, TenantChange change)
    {
        if (pools.Find(tenant) is { } pool)
        {
            // A denial has a revision of its own; what is served has a later one, or is to go.
            pool.Announce(change.Status is null ? change.Revision : change.Revision + 1);
            if (change.Status is null)
                pool.Settle(change.Revision);
        }

        return IsOutdated(tenant, change);
    }

    /// <summary>Takes note of a connected tenant that is in no list of the service's tenants.</summary>
    public void Miss(TenantId tenant) => pools.Find(tenant)?.Announce(long.MaxValue);

    /// <summary>Whether something older than the change is held here: a pool, an entry in L1, or a revocation that it lifts.</summary>
    public bool IsOutdated(TenantId tenant, TenantChange change)
    {
        if (pools.Find(tenant) is { } pool)
            return IsOlder(pool.Revision, change);
        if (configs.Peek(tenant, options.ServiceName) is { } config)
            return IsOlder(config.Revision, change);
        return change.Status is null && revocations.Note(tenant) != 0;
    }

    private static bool IsOlder(long? held, TenantChange change) => change.Status is null ? !(held >= change.Revision) : !(held > change.Revision);
}
