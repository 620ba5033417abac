using TenantPlatform.LocalServers;

namespace TenantPlatform.TestKit;

/// <summary>Ports on 127.0.0.1 on which nobody listens, kept from other test runs until the process ends.</summary>
public static class FreePort
{
    /// <summary>A port of the caller's own for the rest of the test run.</summary>
    public static int Next() => PortReservation.Take().Port;
}
