namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>An alert as Prometheus shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFiring">Whether it fires; otherwise it is pending.</param>
/// <param name="Labels">What it is about.</param>
/// <param name="Summary">What a human is told.</param>
internal sealed record SeenAlert(string Name, bool IsFiring, string Labels, string Summary);
