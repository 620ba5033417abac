using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a health check found.</summary>
/// <param name="Name">The check.</param>
/// <param name="Status">What it found; null: it has not run yet.</param>
/// <param name="Description">Why.</param>
/// <param name="ExceptionText">The failure, if there was one.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);
