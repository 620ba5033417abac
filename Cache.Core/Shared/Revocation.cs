namespace Cache.Core.Shared;

/// <summary>What must happen to a key in L2.</summary>
/// <param name="Status">The denial's status.</param>
/// <param name="Revision">The denial's revision.</param>
/// <param name="IsDenial">A denial; otherwise an invalidation.</param>
/// <param name="FenceLife">How long the fence lives.</param>
internal sealed record Revocation(string? Status, long? Revision, bool IsDenial, TimeSpan FenceLife);
