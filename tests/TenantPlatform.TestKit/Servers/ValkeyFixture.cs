using System.Security.Cryptography;
using TenantPlatform.LocalServers;
using Xunit;

namespace TenantPlatform.TestKit;

/// <summary>
/// A real, throw-away Valkey with a password, on a port of its own. As <c>IClassFixture</c> or <c>ICollectionFixture</c>
/// (it starts in some 30 ms, so one per class is fine). Tests may stop, kill, pause and restart it: the port stays.
/// </summary>
public sealed class ValkeyFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private ValkeyServer? _server;

    /// <summary>The server.</summary>
    public ValkeyServer Server => _server ?? throw new InvalidOperationException("The fixture has not been initialized.");

    /// <summary>The address and password as StackExchange.Redis reads them.</summary>
    public string ConnectionString => Server.ConnectionString;

    /// <summary>Always 127.0.0.1.</summary>
    public string Host => Server.Host;

    /// <summary>The TCP port.</summary>
    public int Port => Server.Port;

    /// <summary>The password; random, so a test may assert that it appears in no log.</summary>
    public string Password { get; } = $"valkey-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";

    /// <summary>A key prefix that no other test has.</summary>
    public static string NewPrefix() => $"t{RandomNumberGenerator.GetHexString(12, lowercase: true)}:";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: limit.Token)).Require();
        _server = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = Password }, limit.Token);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Deletes every key.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Server.ExecuteAsync(["FLUSHALL"], cancellationToken);

    /// <summary>Sends one command; see <see cref="ValkeyServer.ExecuteAsync"/>.</summary>
    public Task<object?> ExecuteAsync(params string[] command) => Server.ExecuteAsync(command);

    /// <summary>Kills the server and starts an empty one on the same port.</summary>
    public async Task RestartEmptyAsync(CancellationToken cancellationToken = default)
    {
        await Server.KillAsync(cancellationToken);
        await Server.StartAsync(cancellationToken);
    }

    /// <summary>Makes the server answer again, whatever a test did to it.</summary>
    public async Task EnsureRunningAsync(CancellationToken cancellationToken = default)
    {
        if (Server.IsRunning)
            Server.Resume();
        else
            await Server.StartAsync(cancellationToken);
    }
}
