using TenantManager.Contracts.Changes;

namespace TenantManager.Api.Changes;

/// <summary>What has changed after a position.</summary>
/// <param name="Changes">Each tenant once, in the order of the latest changes.</param>
/// <param name="Position">Everything up to here is known to whoever has read the page.</param>
/// <param name="More">Whether there are more.</param>
internal sealed record FeedPage(IReadOnlyList<TenantChange> Changes, long Position, bool More);
