namespace TenantPlatform.FaultProxy.Control;

/// <summary>A link's connections.</summary>
/// <param name="Open">Open now.</param>
/// <param name="Total">Accepted since the start.</param>
/// <param name="Refused">Of these, turned away at once by a fault. A cut refuses before anything is accepted, so it does not count here.</param>
/// <param name="Unreachable">Of these, ended because the target could not be reached.</param>
internal sealed record ConnectionsBody(int Open, long Total, long Refused, long Unreachable);
