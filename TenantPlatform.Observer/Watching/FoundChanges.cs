namespace TenantPlatform.Observer.Watching;

/// <summary>What has changed since it was last looked.</summary>
/// <param name="Chosen">The changes to be watched.</param>
/// <param name="Skipped">How many were left out.</param>
internal sealed record FoundChanges(IReadOnlyList<Change> Chosen, int Skipped);
