namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>What the source holds of a key. Its revision tells what an answer was based on, whether or not the cache is told.</summary>
/// <param name="Revision">Higher after every change.</param>
/// <param name="IsTold">Whether the cache is told the revision; a Go tenant-manager has none to tell.</param>
internal sealed record Version(long Revision, bool IsTold);
