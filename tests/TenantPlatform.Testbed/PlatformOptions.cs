namespace TenantPlatform.Testbed;

/// <summary>How the platform is started.</summary>
public sealed record PlatformOptions
{
    /// <summary>How many ledger pods run.</summary>
    public int Pods { get; init; } = 3;

    /// <summary>How many pods of the CRM run.</summary>
    public int CrmPods { get; init; }

    /// <summary>How often a pod revalidates each connected tenant.</summary>
    public TimeSpan RevalidationInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a pod's breaker before the tenant-manager stays open.</summary>
    public TimeSpan BreakerTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a pod may take to connect to a tenant's database. The databases are there; where processors are scarce a pod's first
    /// connection takes longer than the usual 3 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a pod that was told to end serves on, until the gateway has noticed. It asks every second; where processors are scarce
    /// that, too, may come late.
    /// </summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the gateway waits for an answer before it gives up: longer than a pod may take to connect.</summary>
    public TimeSpan GatewayTimeout => ConnectTimeout + TimeSpan.FromSeconds(10);

    /// <summary>Whether Valkey finds its data again when it is started anew.</summary>
    public bool IsValkeyDurable { get; init; }

    /// <summary>Whether pods keep a last known good, by which they serve when they start while Valkey and the tenant-manager are both away.</summary>
    public bool HasLastKnownGood { get; init; }

    /// <summary>What L2 is made of. Only a single one is reached through a link that can be broken.</summary>
    public ValkeyTopology Topology { get; init; }

    /// <summary>Whether nothing that it and its resources log is shown: for programs whose output is their results.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Programs that pods are started by in place of the one that was built with this, by the pods' names.</summary>
    public IReadOnlyDictionary<string, PodProgram> PodPrograms { get; init; } = new Dictionary<string, PodProgram>(StringComparer.Ordinal);

    /// <summary>Environment variables of every pod, beside those that the AppHost gives it.</summary>
    public IReadOnlyDictionary<string, string> PodEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables of the gateway, beside those that the AppHost gives it.</summary>
    public IReadOnlyDictionary<string, string> GatewayEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables of every service, pods too.</summary>
    public IReadOnlyDictionary<string, string> ServiceEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where services send their metrics to by OTLP, named as the chart names them; null: nowhere.</summary>
    public Telemetry? Telemetry { get; init; }
}
