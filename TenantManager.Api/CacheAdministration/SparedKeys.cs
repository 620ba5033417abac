using Cache.Core.Administration;
using TenantManager.Contracts.Pods;

namespace TenantManager.Api.CacheAdministration;

/// <summary>Keys in Valkey that are nobody's cache: no administrator deletes them, by name or by pattern.</summary>
internal static class SparedKeys
{
    /// <summary>
    /// What the tenant-manager and pods keep there of themselves; and records of requests that were answered: without its record a
    /// request that is sent again is done again.
    /// </summary>
    private static readonly string[] Prefixes = [DeletionStore.Prefix, PodReport.Group + ":", "idempotency:"];

    public static bool Contains(string key) => CacheKeys.IsGuard(key) || Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
