using System.Collections.Concurrent;

namespace TenantManager.Api.Diagnostics;

/// <summary>Counts the calls that were answered, by endpoint, tenant and kind: the evidence that caches are for. Bounded in memory.</summary>
internal sealed class CallCounter
{
    private const int MostKinds = 50_000;
    private readonly ConcurrentDictionary<(CallKind Kind, int Status), long> _counts = new();

    public void Count(CallKind kind, int status)
    {
        var key = (_counts.Count < MostKinds || _counts.ContainsKey((kind, status)) ? kind : kind with { Tenant = "(others)" }, status);
        _counts.AddOrUpdate(key, 1, static (_, count) => count + 1);
    }

    public IEnumerable<CallCount> Show() => _counts.ToArray()
        .GroupBy(count => count.Key.Kind)
        .OrderBy(kind => kind.Key.Endpoint, StringComparer.Ordinal)
        .ThenBy(kind => kind.Key.Tenant, StringComparer.Ordinal)
        .Select(kind => new CallCount(
            kind.Key.Endpoint,
            kind.Key.Tenant,
            kind.Key.SkipCache,
            kind.Sum(count => count.Value),
            kind.ToDictionary(count => $"{count.Key.Status}", count => count.Value, StringComparer.Ordinal)));
}
