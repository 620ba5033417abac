using System.Collections.Concurrent;
using Cache.Core;
using Microsoft.Extensions.Hosting;
using TenantManager.Client.Configuration;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Has those asked about that are admitted without a database, by <see cref="RevalidationService"/> and within one interval. While the
/// change feed covers, it tells of changes of what lies in L1 (<see cref="FeedChanges"/>); what came from L2 may be older than what the
/// feed has told already, so it is asked about all the same. Without the feed everybody is who was admitted meanwhile.
/// </summary>
internal sealed class AdmittedTenants(RevalidationService revalidation, FeedCoverage coverage, TenantManagerClientOptions options, TimeProvider time) : BackgroundService
{
    /// <summary>Who was admitted since it was looked last, and whether by what lay in L2.</summary>
    private readonly ConcurrentDictionary<TenantId, bool> _admitted = new();

    /// <summary>The tenant has been admitted by a configuration from there.</summary>
    public void Note(TenantId tenant, CacheSource source)
    {
        // Nor has the feed told of what is in the last known good only.
        var mayBeOlder = source is CacheSource.L2 or CacheSource.LastKnownGood;
        if (!_admitted.TryGetValue(tenant, out var isByL2) || (mayBeOlder && !isByL2))
            _admitted.AddOrUpdate(tenant, static (_, older) => older, static (_, was, older) => was || older, mayBeOlder);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled)
            return;

        // Half an interval until it is looked, and half of one over which the questions are spread.
        var half = options.RevalidationInterval / 2;
        using var timer = new PeriodicTimer(half, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var isCovered = coverage.IsCovering;
            var due = new List<(TenantId Tenant, TimeSpan Due)>();
            foreach (var tenant in _admitted.Keys)
            {
                if (_admitted.TryRemove(tenant, out var isByL2) && (isByL2 || !isCovered))
                    due.Add((tenant, half * Random.Shared.NextDouble()));
            }

            if (due.Count > 0)
                revalidation.Revalidate([.. due.OrderBy(static turn => turn.Due)], stoppingToken);
        }
    }
}
