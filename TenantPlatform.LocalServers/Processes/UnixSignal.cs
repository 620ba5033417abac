namespace TenantPlatform.LocalServers.Processes;

/// <summary>Signals by meaning; their numbers differ between systems.</summary>
internal enum UnixSignal
{
    Interrupt,
    Quit,
    Kill,
    Terminate,
    Stop,
    Continue,
}
