using System.Text.Json;
using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Membership;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;

namespace TenantManager.Api.Pods;

/// <summary>What this instance says of itself, as the pods of the services do.</summary>
internal sealed class ManagerAnnouncement(IServiceProvider services, HealthCheckService health, ICoherence coherence, TimeProvider time)
{
    public const string ServiceName = "tenant-manager";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private readonly DateTimeOffset _since = time.GetUtcNow();

    /// <summary>This instance's name.</summary>
    public string Instance { get; } = ProcessIdentity.NewName();

    public Announcement Announcement => new()
    {
        Group = PodReport.Group,
        Name = PodReport.NameOf(ServiceName, Instance),
        Interval = Heartbeat,
        Value = async (wasHeard, stop) => JsonSerializer.SerializeToUtf8Bytes(await ReportAsync(wasHeard, stop), ContractJson.Options),
    };

    private async Task<PodReport> ReportAsync(bool isHealthWanted, CancellationToken cancellationToken)
    {
        var figures = CacheFigures.Read();
        return new PodReport
        {
            Service = ServiceName,
            Instance = Instance,
            Version = ProcessIdentity.Version(),
            Address = ProcessIdentity.Address(services),
            Since = _since,
            At = time.GetUtcNow(),
            HeartbeatSeconds = Heartbeat.TotalSeconds,
            Health = isHealthWanted ? await ProcessState.HealthAsync(health, time, cancellationToken) : null,
            Coherence = ProcessState.CoherenceOf(coherence, time),
            Tiers = TierReport.Of(
                figures.L1Entries,
                figures.L1Bytes,
                (figures.L1Hits, figures.L1StaleHits, figures.L1Misses),
                (figures.L2Hits, figures.L2StaleHits, figures.L2Misses),
                figures.L1Evictions,
                (figures.L1RejectedFills, figures.L2RejectedFills)),
        };
    }
}
