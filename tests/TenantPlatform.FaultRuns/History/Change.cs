namespace TenantPlatform.FaultRuns.History;

/// <summary>A change that the tenant-manager has made.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Tenant">The tenant's number.</param>
/// <param name="Sent">When it was asked for: it cannot have happened before.</param>
/// <param name="Acknowledged">When it was known to have happened.</param>
/// <param name="Revision">The tenant's revision since then.</param>
/// <param name="IsAnnounced">
/// Whether the tenant-manager said so itself, which it does after publishing the event; otherwise its state was read later.
/// </param>
internal sealed record Change(ChangeKind Kind, int Tenant, TimeSpan Sent, TimeSpan Acknowledged, long Revision, bool IsAnnounced = true);
