using System.Text.Json;
using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Membership;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;

namespace TenantManager.Client.Pods;

/// <summary>Writes down what this pod says of itself. Counts and states, never a value or a tenant.</summary>
internal sealed class PodReporter(
    IServiceProvider services,
    TenantManagerClientOptions options,
    TenantPools pools,
    FeedCoverage feed,
    TenantRevalidator revalidator,
    HealthCheckService health,
    ICoherence coherence,
    TimeProvider time,
    IRateReporter? rates = null,
    IRouteReporter? routes = null)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();

    private string Service => options.PodService ?? options.ServiceName;

    public Announcement Announcement => new()
    {
        Group = PodReport.Group,
        Name = PodReport.NameOf(Service, options.PodName),
        Interval = options.PodHeartbeat,
        Value = async (wasHeard, stop) => JsonSerializer.SerializeToUtf8Bytes(await ReportAsync(wasHeard, stop).ConfigureAwait(false), ContractJson.Options),
    };

    /// <param name="isHealthWanted">Not while Valkey is away: each look at a check that fails is a line in the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PodReport> ReportAsync(bool isHealthWanted, CancellationToken cancellationToken)
    {
        var figures = CacheFigures.Read();
        return new PodReport
        {
            Service = Service,
            Instance = options.PodName,
            Version = ProcessIdentity.Version(),
            Address = options.PodAddress ?? ProcessIdentity.Address(services),
            Since = _since,
            At = time.GetUtcNow(),
            HeartbeatSeconds = options.PodHeartbeat.TotalSeconds,
            Health = isHealthWanted ? await ProcessState.HealthAsync(health, time, cancellationToken).ConfigureAwait(false) : null,
            Coherence = ProcessState.CoherenceOf(coherence, time),
            Tiers = TierReport.Of(
                figures.L1Entries,
                figures.L1Bytes,
                (figures.L1Hits, figures.L1StaleHits, figures.L1Misses),
                (figures.L2Hits, figures.L2StaleHits, figures.L2Misses),
                figures.L1Evictions,
                (figures.L1RejectedFills, figures.L2RejectedFills)),
            Tenants = pools.Connected.Count,
            LastRevalidation = revalidator.LastAnswer,
            ChangeFeed = !options.FollowsChanges ? "off" : feed.IsCovering ? "followed" : "not-followed",
            Rates = rates?.Read(),
            Routes = routes?.Read() ?? [],
        };
    }
}
