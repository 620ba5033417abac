using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>What a health check found.</summary>
/// <param name="Name">The check.</param>
/// <param name="Status">What it found; absent: it has not run yet.</param>
/// <param name="Description">Why.</param>
/// <param name="Exception">The failure, if there was one.</param>
internal sealed record HealthView(string Name, HealthStatus? Status, string? Description, string? Exception);
