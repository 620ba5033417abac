namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>Tests during which nothing else runs in this process.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
