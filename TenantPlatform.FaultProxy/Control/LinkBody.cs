using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Links;

namespace TenantPlatform.FaultProxy.Control;

/// <summary>A link as the control endpoint shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Listen">Where to connect.</param>
/// <param name="Target">Where connections lead.</param>
/// <param name="State"><c>passing</c>, or the fault's kind.</param>
/// <param name="Listening">Whether connections are accepted; false during a cut.</param>
/// <param name="Fault">What is wrong; absent when nothing is.</param>
/// <param name="Connections">How many connections.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Faults">How many faults were set since the start.</param>
internal sealed record LinkBody(
    string Name,
    string Listen,
    string Target,
    string State,
    bool Listening,
    ActiveFaultBody? Fault,
    ConnectionsBody Connections,
    BytesBody Bytes,
    long Faults)
{
    /// <summary>Describes a link as it is now.</summary>
    public static LinkBody Of(Link link)
    {
        var active = link.ActiveFault;
        var fault = active.Fault.Kind == FaultKind.None ? null : ActiveFaultBody.Of(active);
        return new LinkBody(
            link.Name,
            link.EndPoint.ToString(),
            link.Target.ToString(),
            fault?.Kind ?? "passing",
            link.IsListening,
            fault,
            new ConnectionsBody(link.OpenConnections, link.Counters.Accepted, link.Counters.Refused, link.Counters.Unreachable),
            new BytesBody(link.Counters.ToServer, link.Counters.ToClient),
            link.Counters.Faults);
    }
}
