using System.Security.Cryptography;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.LocalServers;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>The real Valkey of a run. It forgets everything, or its last writes, when told to.</summary>
internal sealed class ProtocolServer : IAsyncDisposable
{
    private readonly ValkeyServer _server;
    private readonly string _directory;

    private ProtocolServer(ValkeyServer server, string directory) => (_server, _directory) = (server, directory);

    public HostPort Address => new(_server.Host, _server.Port);

    public string Password => _server.Password!;

    public static async Task<ProtocolServer> StartAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("fault-runs-").FullName;
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: cancellationToken)).Require();
        var options = new ValkeyServerOptions
        {
            Binary = binary,
            Password = RandomNumberGenerator.GetHexString(32),
            DataDirectory = directory,
            Configuration = ["appendonly no", "save \"\""],
        };
        return new ProtocolServer(await ValkeyServer.StartAsync(options, cancellationToken), directory);
    }

    public Task EmptyAsync(CancellationToken cancellationToken) => _server.ExecuteAsync(["FLUSHALL"], cancellationToken);

    /// <summary>What is there now is what <see cref="GoBackAsync"/> goes back to.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) => _server.ExecuteAsync(["SAVE"], cancellationToken);

    /// <summary>Loses every write since <see cref="SaveAsync"/>, as a failover to a replica that lagged behind.</summary>
    public async Task GoBackAsync(CancellationToken cancellationToken)
    {
        await _server.KillAsync(cancellationToken);
        await _server.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
