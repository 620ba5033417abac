using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using TenantManager.Client.Configuration;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Revalidates the tenants that are admitted without a database, as <see cref="RevalidationService"/> does the connected ones: once per
/// interval, or per slow interval while the change feed would tell. A tenant that nobody asks for any more is left out.
/// </summary>
internal sealed class AdmittedTenants(TenantRevalidator revalidator, FeedCoverage coverage, TenantManagerClientOptions options, Mutant mutant, TimeProvider time) : BackgroundService
{
    private const int AtATime = 4;
    private readonly ConcurrentDictionary<TenantId, Use> _uses = new();

    /// <summary>The tenant is in use.</summary>
    public void Note(TenantId tenant)
    {
        if (_uses.TryGetValue(tenant, out var use))
            use.At = time.GetTimestamp();
        else
            _uses.TryAdd(tenant, new Use { At = time.GetTimestamp(), RevalidatedAt = time.GetTimestamp() });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled || mutant.IsWithoutRevalidation)
            return;
        using var timer = new PeriodicTimer(options.RevalidationInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            await RevalidateAsync(stoppingToken).ConfigureAwait(false);
    }

    private async Task RevalidateAsync(CancellationToken stoppingToken)
    {
        var idle = options.SlowRevalidationInterval + options.RevalidationInterval;
        foreach (var old in _uses.Where(one => time.GetElapsedTime(one.Value.At) > idle))
            _uses.TryRemove(old);
        var due = coverage.IsCovering ? _uses.Where(one => time.GetElapsedTime(one.Value.RevalidatedAt) >= options.SlowRevalidationInterval).ToList() : [.. _uses];
        ParallelOptions few = new() { MaxDegreeOfParallelism = AtATime, CancellationToken = stoppingToken };
        await Parallel.ForEachAsync(due, few, async (one, stop) =>
        {
            await revalidator.RevalidateAsync(one.Key, stop).ConfigureAwait(false);
            one.Value.RevalidatedAt = time.GetTimestamp();
        }).ConfigureAwait(false);
    }

    private sealed class Use
    {
        public long At { get; set; }

        public long RevalidatedAt { get; set; }
    }
}
