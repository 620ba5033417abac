namespace TenantPlatform.FaultProxy.Faults;

/// <summary>What a fault does to the connections it affects.</summary>
internal enum FaultKind
{
    /// <summary>Nothing: bytes pass.</summary>
    None,

    /// <summary>New connections are refused, existing ones closed.</summary>
    Cut,

    /// <summary>New connections are accepted; whatever is sent either way vanishes.</summary>
    Blackhole,

    /// <summary>Connections stay open and pass bytes one way only; those of the other way wait.</summary>
    HalfOpen,

    /// <summary>New and existing connections are reset (RST).</summary>
    Reset,

    /// <summary>Every chunk arrives later, in order.</summary>
    Slow,

    /// <summary>All connections of the link share so many bytes per second, each way.</summary>
    Bandwidth,
}
