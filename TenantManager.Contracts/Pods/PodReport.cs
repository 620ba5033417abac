namespace TenantManager.Contracts.Pods;

/// <summary>What a pod says of itself in Valkey, for <c>GET /v1/pods</c>. Holds no secret and no tenant's id.</summary>
public sealed record PodReport
{
    /// <summary>The group that pods are members of, and the prefix of their keys: <c>pods:SERVICE:INSTANCE</c>.</summary>
    public const string Group = "pods";

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The pod's name, which no other one of the service has.</summary>
    public required string Instance { get; init; }

    /// <summary>The service's version.</summary>
    public string? Version { get; init; }

    /// <summary>Where the pod can be reached.</summary>
    public string? Address { get; init; }

    /// <summary>When it started, by its own clock.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When it said this, by its own clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How often it says so, in seconds, give or take a tenth.</summary>
    public double HeartbeatSeconds { get; init; }

    /// <summary>What its readiness checks came to: <c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>; null when that was not to be had in time.</summary>
    public string? Health { get; init; }

    /// <summary>Whether its L1 has been told of every change: <c>proven</c>, <c>unproven</c> or <c>off</c>.</summary>
    public string? Coherence { get; init; }

    /// <summary>The caches of the process, tier by tier.</summary>
    public IReadOnlyList<TierReport> Tiers { get; init; } = [];

    /// <summary>How many tenants it is connected to.</summary>
    public int Tenants { get; init; }

    /// <summary>When the tenant-manager last answered it about a tenant that it is connected to; null: not yet.</summary>
    public DateTimeOffset? LastRevalidation { get; init; }

    /// <summary>Whether the change feed tells it of every change: <c>followed</c>, <c>not-followed</c> or <c>off</c>; null for what follows none.</summary>
    public string? ChangeFeed { get; init; }

    /// <summary>How its service limits tenants' requests; null for what limits none, and for a pod of an earlier version.</summary>
    public RateReport? Rates { get; init; }

    /// <summary>What its HTTP cache does, route by route; empty for what has none, and for a pod of an earlier version.</summary>
    public IReadOnlyList<RouteReport> Routes { get; init; } = [];

    /// <summary>The member's name of a pod.</summary>
    public static string NameOf(string service, string instance) => $"{service}:{instance}";
}
