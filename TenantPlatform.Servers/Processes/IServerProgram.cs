namespace TenantPlatform.Servers;

/// <summary>One kind of server as a process of this machine.</summary>
internal interface IServerProgram
{
    /// <summary>Finds the program, makes its data and settings ready, and says how to start it.</summary>
    /// <param name="port">Where it is to listen, on 127.0.0.1.</param>
    /// <param name="scratch">A directory for what need not be kept.</param>
    /// <param name="data">Where data is kept; null: it is thrown away.</param>
    /// <param name="report">Told what is found, and before something takes long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ServerCommand> PrepareAsync(int port, string scratch, string? data, Action<string> report, CancellationToken cancellationToken);

    /// <summary>Completes when the process that has just started accepts connections.</summary>
    Task ReadyAsync(int port, int processId, CancellationToken cancellationToken);

    /// <summary>Asks the process to end in order, where that takes more than SIGTERM; false: it takes no more.</summary>
    bool TryStop(int processId);
}
