namespace TenantPlatform.FaultProxy.Faults;

/// <summary>Which connections a fault may affect, by their age.</summary>
internal enum ConnectionScope
{
    /// <summary>Those that exist and those that come.</summary>
    All,

    /// <summary>Only those that existed when the fault was set: what a firewall does that has forgotten its connections.</summary>
    Existing,

    /// <summary>Only those accepted after the fault was set.</summary>
    New,
}
