namespace TenantPlatform.FaultProxy.Faults;

/// <summary>The ways in which bytes travel over a link.</summary>
[Flags]
internal enum Directions
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>From whoever connected to the proxy towards the target.</summary>
    ToServer = 1,

    /// <summary>From the target back.</summary>
    ToClient = 2,

    /// <summary>Both ways.</summary>
    Both = ToServer | ToClient,
}
