using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>
/// The process that a server runs as where no container engine answers. Aspire starts, watches and ends it like any executable;
/// nobody sees it, because its server shows what becomes of it (<see cref="ServerProcessMirror"/>).
/// </summary>
internal sealed class ServerProcessResource(string name, ContainerResource server, IServerProgram program)
    : ExecutableResource(name, "env", workingDirectory: "/")
{
    /// <summary>What users see.</summary>
    public ContainerResource Server { get; } = server;

    public IServerProgram Program { get; } = program;

    /// <summary>What was last started; null before the first start.</summary>
    public ServerCommand? Started { get; set; }

    /// <summary>Where the server listens, on 127.0.0.1; chosen before anything starts, and kept over restarts.</summary>
    public int Port { get; set; }
}
