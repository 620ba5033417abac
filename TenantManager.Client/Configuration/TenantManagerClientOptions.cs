using Cache.Core.Membership;

namespace TenantManager.Client.Configuration;

/// <summary>How a consumer reaches the tenant-manager and treats its tenants. Read from <c>MULTI_TENANT_*</c>.</summary>
/// <remarks>Holds the service's key: never log it.</remarks>
public sealed class TenantManagerClientOptions
{
    /// <summary>Whether the service serves tenants at all (<c>MULTI_TENANT_ENABLED</c>). When not, tenant endpoints answer 503.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The tenant-manager's base address (<c>MULTI_TENANT_URL</c>).</summary>
    public Uri? Address { get; set; }

    /// <summary>This service's name, as tenants are associated with it (<c>MULTI_TENANT_SERVICE_NAME</c>).</summary>
    public string ServiceName { get; set; } = string.Empty;

    /// <summary>The module whose database this service uses (<c>MULTI_TENANT_MODULE</c>); the service's name unless set.</summary>
    public string Module { get; set; } = string.Empty;

    /// <summary>The service's key (<c>MULTI_TENANT_SERVICE_API_KEY</c>).</summary>
    public string ApiKey { get; set; } = string.Empty;

    /// <summary>
    /// The key with which this process may be asked what it would answer a tenant on (<c>MULTI_TENANT_DIAGNOSTICS_KEY</c>).
    /// Null: nobody may ask.
    /// </summary>
    public string? DiagnosticsKey { get; set; }

    /// <summary>The bound on one call to the tenant-manager, retries included (<c>MULTI_TENANT_TIMEOUT</c>, seconds).</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The bound on one attempt of such a call (<c>MULTI_TENANT_ATTEMPT_TIMEOUT_SEC</c>); the next one uses another connection. Not
    /// near what an answer takes when the tenant-manager is busy: asking again then makes it busier.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Consecutive failures that open the breaker; 0 switches it off (<c>MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD</c>).</summary>
    public int BreakerThreshold { get; set; } = 5;

    /// <summary>How long the breaker stays open (<c>MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC</c>).</summary>
    public TimeSpan BreakerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most database pools (<c>MULTI_TENANT_MAX_TENANT_POOLS</c>).</summary>
    public int MaxTenantPools { get; set; } = 100;

    /// <summary>
    /// How long a pool should be unused before it makes room (<c>MULTI_TENANT_IDLE_TIMEOUT_SEC</c>). One that is idle for less
    /// goes too when nothing else will, with a warning: refusing a tenant would be worse.
    /// </summary>
    public TimeSpan PoolIdleTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// How long a request of a tenant that is denied from now on may still run before it is cut
    /// (<c>MULTI_TENANT_DENIAL_GRACE_SEC</c>); zero: it is cut at once. Later requests are refused from the moment of the denial.
    /// </summary>
    public TimeSpan DenialGracePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The bound on connecting to a tenant's database, and on waiting for a free connection of its pool
    /// (<c>MULTI_TENANT_CONNECT_TIMEOUT_SEC</c>); whole seconds.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often each connected tenant is revalidated (<c>MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC</c>).</summary>
    public TimeSpan RevalidationInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the tenant-manager's change feed is followed, where it has one (<c>MULTI_TENANT_CHANGE_FEED</c>): one question per
    /// process then tells of every change, in place of one per connected tenant.
    /// </summary>
    public bool FollowsChanges { get; set; } = true;

    /// <summary>
    /// How often a connected tenant is revalidated while the change feed tells of changes (<c>MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC</c>):
    /// a net under the feed. Not less than <see cref="RevalidationInterval"/>, which holds whenever the feed does not answer.
    /// </summary>
    public TimeSpan SlowRevalidationInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The bound on one revalidation.</summary>
    public TimeSpan RevalidationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long configuration is fresh in L1 (<c>MULTI_TENANT_CACHE_L1_TTL_SEC</c>).</summary>
    public TimeSpan L1TimeToLive { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How long configuration lives in L2 (<c>MULTI_TENANT_CACHE_L2_TTL_SEC</c>).</summary>
    public TimeSpan L2TimeToLive { get; set; } = TimeSpan.FromSeconds(43_200);

    /// <summary>The environment whose lifecycle events concern this service (<c>ENV_NAME</c>).</summary>
    public string? EnvironmentName { get; set; }

    /// <summary>
    /// How often this pod says in Valkey that it is there (<c>MULTI_TENANT_POD_HEARTBEAT_SEC</c>), for the tenant-manager's list of pods;
    /// silent for three times as long it is not in it any more. Zero: it never says so.
    /// </summary>
    public TimeSpan PodHeartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What this pod is an instance of in that list. Null: the service.</summary>
    public string? PodService { get; set; }

    /// <summary>This pod's name in that list (<c>MULTI_TENANT_POD_NAME</c>); the machine's name, the process's number and random digits unless set.</summary>
    public string PodName { get; set; } = ProcessIdentity.NewName();

    /// <summary>Where this pod can be reached, as the list tells it (<c>MULTI_TENANT_POD_ADDRESS</c>). Null: as its server says.</summary>
    public string? PodAddress { get; set; }

    /// <summary>The longest random delay before configuration is loaded again after an event.</summary>
    public TimeSpan ReloadJitter { get; set; } = TimeSpan.FromSeconds(5);
}
