using System.Collections.Concurrent;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// The tenants that this process knows to be revoked. Until the tenant-manager itself says otherwise, no cached
/// configuration of theirs is used: L2 may have been away when it was to be cleared, or another pod may have filled it
/// again with a late answer (RevocationWins).
/// </summary>
/// <remarks>Safe for concurrent use. Holds ids only of tenants that the tenant-manager knows, so it stays small.</remarks>
internal sealed class Revocations
{
    private readonly ConcurrentDictionary<TenantId, long> _revoked = new();
    private long _last;

    /// <summary>The number of the tenant's latest revocation; 0 when it is not revoked.</summary>
    public long Note(TenantId tenant) => _revoked.IsEmpty ? 0 : _revoked.GetValueOrDefault(tenant);

    public void Add(TenantId tenant) => _revoked[tenant] = Interlocked.Increment(ref _last);

    /// <summary>The tenant-manager serves the tenant again, by an answer that was asked for after this revocation; a later one stays.</summary>
    public void Lift(TenantId tenant, long noted)
    {
        if (noted != 0)
            _revoked.TryRemove(KeyValuePair.Create(tenant, noted));
    }
}
