namespace TenantPlatform.ServiceDefaults.Tests.Telemetry;

/// <summary>Tests that say what is not sent run when nothing else does: who collects traces gets those of the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
