namespace TenantPlatform.FaultProxy.Faults;

/// <summary>What happens to bytes of one connection in one direction, now.</summary>
internal enum Treatment
{
    /// <summary>They pass at once.</summary>
    Pass,

    /// <summary>They pass, each chunk late.</summary>
    Delay,

    /// <summary>They pass at a limited rate.</summary>
    Pace,

    /// <summary>They wait.</summary>
    Hold,

    /// <summary>They vanish.</summary>
    Swallow,
}
