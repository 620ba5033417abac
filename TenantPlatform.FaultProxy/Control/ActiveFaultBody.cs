using System.Text.Json;
using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Control;

/// <summary>A fault as it is now, in the words of <see cref="FaultBody"/>.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Latency">For slow.</param>
/// <param name="Jitter">For slow.</param>
/// <param name="BytesPerSecond">For bandwidth.</param>
/// <param name="Direction">The ways concerned.</param>
/// <param name="Share">The part of the connections.</param>
/// <param name="Connections">Which connections.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it ends by itself.</param>
internal sealed record ActiveFaultBody(
    string Kind,
    string? Latency,
    string? Jitter,
    long? BytesPerSecond,
    Directions Direction,
    double Share,
    ConnectionScope Connections,
    DateTimeOffset Since,
    DateTimeOffset? Until)
{
    /// <summary>Describes a fault.</summary>
    public static ActiveFaultBody Of(ActiveFault active)
    {
        var fault = active.Fault;
        var isSlow = fault.Kind == FaultKind.Slow;
        return new ActiveFaultBody(
            JsonNamingPolicy.CamelCase.ConvertName(fault.Kind.ToString()),
            isSlow ? DurationText.Format(fault.Latency) : null,
            isSlow ? DurationText.Format(fault.Jitter) : null,
            fault.Kind == FaultKind.Bandwidth ? fault.BytesPerSecond : null,
            fault.Direction,
            fault.Share,
            fault.Connections,
            active.Since,
            active.Until);
    }
}
