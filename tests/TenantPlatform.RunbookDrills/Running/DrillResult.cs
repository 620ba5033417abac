namespace TenantPlatform.RunbookDrills.Running;

/// <summary>What became of one alert.</summary>
/// <param name="Alert">Its name.</param>
/// <param name="Cause">What was done.</param>
/// <param name="FiredAfter">How long after the cause it fired; null: it did not.</param>
/// <param name="ResolvedAfter">How long after the cause was gone it had ended; null: it did not.</param>
/// <param name="About">What it was about, by its labels.</param>
internal sealed record DrillResult(string Alert, string Cause, TimeSpan? FiredAfter, TimeSpan? ResolvedAfter, string About);
