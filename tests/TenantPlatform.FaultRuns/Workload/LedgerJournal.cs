using System.Collections.Concurrent;

namespace TenantPlatform.FaultRuns.Workload;

/// <summary>What was sent to the ledgers, to compare their books with. Safe for concurrent use.</summary>
internal sealed class LedgerJournal
{
    private readonly ConcurrentDictionary<(int Tenant, string Key), bool> _keys = new();

    public void Tried(TenantAccount account, string key) => _keys.TryAdd((account.Number, key), value: false);

    public void Accepted(TenantAccount account, string key) => _keys[(account.Number, key)] = true;

    /// <summary>The keys of a tenant's transactions: whether each was accepted.</summary>
    public IReadOnlyDictionary<string, bool> Of(TenantAccount account) => _keys
        .Where(entry => entry.Key.Tenant == account.Number)
        .ToDictionary(entry => entry.Key.Key, entry => entry.Value, StringComparer.Ordinal);
}
