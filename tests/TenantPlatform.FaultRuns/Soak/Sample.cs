namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What the platform held at a moment. What nobody could tell then is null.</summary>
/// <param name="At">Since the soak began.</param>
/// <param name="Processes">The processes that ran.</param>
/// <param name="ValkeyMemory">What Valkey held, in bytes.</param>
/// <param name="ValkeyKeys">How many keys.</param>
/// <param name="ValkeyClients">How many connections.</param>
/// <param name="Sessions">How many sessions PostgreSQL had.</param>
/// <param name="L1HitRate">Hits of L1 over its look-ups since the sample before, over all pods, 0 to 1.</param>
/// <param name="L2HitRate">The same of L2.</param>
/// <param name="Churned">How many tenants had passed through.</param>
internal sealed record Sample(
    TimeSpan At,
    IReadOnlyList<ProcessSample> Processes,
    long? ValkeyMemory,
    long? ValkeyKeys,
    long? ValkeyClients,
    long? Sessions,
    double? L1HitRate,
    double? L2HitRate,
    long Churned);
