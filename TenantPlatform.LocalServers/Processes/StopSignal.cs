namespace TenantPlatform.LocalServers.Processes;

/// <summary>The signal that asks a process to end by itself.</summary>
public enum StopSignal
{
    /// <summary>SIGTERM: what most programs take as "please end".</summary>
    Terminate,

    /// <summary>SIGINT: PostgreSQL's fast shutdown.</summary>
    Interrupt,

    /// <summary>SIGQUIT: PostgreSQL's immediate shutdown.</summary>
    Quit,
}
