namespace TenantManager.Contracts.Changes;

/// <summary>A page of the change feed, <c>GET /v1/changes</c>.</summary>
/// <param name="Cursor">What to ask with next; opaque.</param>
/// <param name="Changes">The service's tenants that have changed since the cursor asked with, each once.</param>
/// <param name="Reset">
/// The feed could not go on from the cursor asked with: this is the first page of a list of all of the service's tenants, to be
/// compared with everything that is held.
/// </param>
/// <param name="More">Whether there are more, to be asked for at once.</param>
/// <param name="ReadAfterMs">
/// How many milliseconds after the question came the state was read that the answer stands for: counted from when it was asked, a
/// moment by which the asker knows of everything.
/// </param>
public sealed record ChangePage(string Cursor, IReadOnlyList<TenantChange> Changes, bool Reset = false, bool More = false, long ReadAfterMs = 0);
