using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>What one kind of server adds to <see cref="ServerProcess"/>: how it is started, and how one sees that it is ready.</summary>
internal interface IServerProgram
{
    /// <summary>The kind, for messages.</summary>
    string Kind { get; }

    /// <summary>What failed to start, for messages: the program, and its data if that matters.</summary>
    string Description { get; }

    /// <summary>Writes what the server reads at start, and says how to start it. Its output is not its concern.</summary>
    Task<ChildProcessOptions> PrepareAsync(int port, CancellationToken cancellationToken);

    /// <summary>Whether the process that we started, and nobody else on its port, is ready.</summary>
    ValueTask<bool> IsReadyAsync(int port, int processId, CancellationToken cancellationToken);
}
