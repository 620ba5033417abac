using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;

namespace TenantManager.Client.Tests.Scale;

/// <summary>What a number of pods and tenants comes to: the code's own defaults and schedules, times what one of each costs.</summary>
/// <param name="Pods">Pods, of all services, that follow the same key prefix.</param>
/// <param name="Tenants">Tenants in use, each with one service; any pod may be asked for any of them.</param>
internal sealed record ScaleModel(int Pods, int Tenants)
{
    /// <summary>Connections to a single Valkey: counted by <see cref="ScaleTests.Pod_HoldsFourConnectionsToValkey"/>.</summary>
    public const int ConnectionsPerPod = 4;

    /// <summary>Evenly over the day, of some tenant: what FeedLoadTests take too.</summary>
    private const int ChangesPerDay = 1000;

    /// <summary>Each pod invalidates at an event; pushes gather what comes in one turn of the server, and one fill follows.</summary>
    private const int ToldPerChange = 3 + 1;

    // By eng/measure-scale, 29 November 2026; the page has the whole list.
    private const double TenantBytes = 1200;
    private const double ConnectionBytes = 2.7e3;
    private const double WordBytes = 1600;
    private const double LookSeconds = 12e-6;
    private const double BeatSeconds = 9e-6;
    private const double WordSeconds = 20e-6;
    private const double FeedSeconds = 0.55e-3;
    private const double PageSeconds = 0.95e-3;
    private const double ConfigurationSeconds = 0.9e-3;

    private static readonly TenantManagerClientOptions Options = new();
    private static readonly FeedPace Pace = new(Options.RevalidationInterval);
    private static readonly TimeSpan Lease = new Cache.Core.Coherence.CoherenceOptions().Lease;

    /// <summary>Tenants that a pod is connected to.</summary>
    public int Connected => Math.Min(Tenants, Options.MaxTenantPools);

    /// <summary>Connected tenants of all pods, each counted as often as pods have it.</summary>
    public double Pairs => (double)Pods * Connected;

    /// <summary>Different tenants among them, if who asks whom is chance.</summary>
    public double Different => Tenants * (1 - Math.Pow(1 - ((double)Connected / Tenants), Pods));

    public double ValkeyBytes => (Tenants * TenantBytes) + (Pods * ((ConnectionsPerPod * ConnectionBytes) + WordBytes));

    public double ValkeyConnections => Pods * ConnectionsPerPod;

    /// <summary>Renewed when half of the lifetime in L2 is over, by the first pod whose turn finds that; by the net; and real ones.</summary>
    public double ChangesPerSecond => Renewals + Net + (ToldPerChange * ChangesPerDay / 86_400.0);

    public double PushesPerSecond => ChangesPerSecond * Pods;

    public double Looks => Pairs / Options.RevalidationInterval.TotalSeconds;

    /// <summary>Of one of Valkey's cores: looks, heartbeats of both connections of the cache's own, words, pushes.</summary>
    public double ValkeyCore =>
        (Looks * LookSeconds) + (Pods * (((3 / Lease.TotalSeconds) + 1) * BeatSeconds)) + (Pods / Options.PodHeartbeat.TotalSeconds * WordSeconds) + (ChangesPerSecond * ToldSeconds);

    public double ManagerRequests => Feed + Lists + Configurations;

    /// <summary>Of one core, the tenant-manager's and its database's processor together.</summary>
    public double ManagerCore => (Feed * FeedSeconds) + (Lists * PageSeconds) + (Configurations * ConfigurationSeconds);

    public double ManagerRequestsWithoutFeed => Looks;

    /// <summary>When events were lost, or Valkey comes back empty: a pod asks about so many tenants within that time.</summary>
    public static TimeSpan AfterLossWithin(int tenants) =>
        new RevalidationSchedule(Options.RevalidationInterval).AfterLoss([.. Enumerable.Repeat(TenantId.Parse("tenant-1"), tenants)])[^1].Due;

    /// <summary>By FeedLoadTests: 2.4 times what is asked without a feed, at worst.</summary>
    public double FeedLost => 2.4 * Looks;

    public double StartPages => Pods * Math.Ceiling((double)Tenants / ChangeFeed.LongestPage);

    /// <summary>How long Valkey's core tells of a fill of everything, one by one.</summary>
    public double RefillSeconds => Tenants * ToldSeconds;

    /// <summary>Lifecycle events a second that fill Valkey's core, all pods invalidating at each.</summary>
    public double MostEvents => 1 / EventSeconds;

    public double DatabaseConnections(int each) => Pairs * each;

    public double DatabaseConnectionsHeld => DatabaseConnections(PoolSettings.DefaultIdle);

    public double DatabaseConnectionsAtMost => DatabaseConnections(PoolSettings.DefaultOpen);

    public double PodsPerTenant => Pairs / Tenants;

    private double Feed => Pods / Pace.AfterAnswer(TimeSpan.Zero).TotalSeconds;

    /// <summary>Every now and then the whole list; its first page is one of the questions.</summary>
    private double Lists => Pods * (Math.Ceiling((double)Tenants / ChangeFeed.LongestPage) - 1) / Pace.UntilCompared(0.5).TotalSeconds;

    private double Configurations => Net + Renewals + (ChangesPerDay / 86_400.0);

    private double Net => Pairs / Options.SlowRevalidationInterval.TotalSeconds;

    private double Renewals => Tenants / (Options.L2TimeToLive / 2).TotalSeconds;

    /// <summary>One change, told to so many pods one after the other.</summary>
    private double ToldSeconds => Pods switch { 10 => 23e-6, 100 => 220e-6, 500 => 2300e-6, _ => throw new NotSupportedException("Measure it: eng/measure-scale --pods N.") };

    private double EventSeconds => Pods switch { 10 => 0.7e-3, 100 => 3.3e-3, 500 => 20e-3, _ => throw new NotSupportedException("Measure it: eng/measure-scale --pods N.") };
}
