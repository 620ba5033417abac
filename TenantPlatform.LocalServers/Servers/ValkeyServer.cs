using System.Globalization;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>A Valkey server of our own on 127.0.0.1, which can be stopped, killed, paused and started again on the same port. One caller at a time.</summary>
public sealed class ValkeyServer : IAsyncDisposable, IServerProgram
{
    private readonly ValkeyServerOptions _options;
    private readonly TemporaryDirectory _directory;
    private readonly ServerProcess _process;

    private ValkeyServer(ValkeyServerOptions options, TemporaryDirectory directory)
    {
        _options = options;
        _directory = directory;
        _process = new ServerProcess(this, options.Port, options.Output);
    }

    /// <summary>Always <c>127.0.0.1</c>.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The TCP port, the same for this object's whole life.</summary>
    public int Port => _process.Port;

    /// <summary>The password, if one is asked for.</summary>
    public string? Password => _options.Password;

    /// <summary>The address and password as StackExchange.Redis reads them. Holds a secret.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"{Host}:{Port}{(Password is null ? string.Empty : $",password={Password}")}");

    /// <summary>The program that runs.</summary>
    public ServerBinary Binary => _options.Binary;

    /// <summary>The process id of the present or last run.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether the server process is there, paused or not.</summary>
    public bool IsRunning => _process.IsRunning;

    /// <summary>Completes with the exit code when the present run ends.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <exception cref="ServerStartException">It did not start; the message holds its last lines.</exception>
    public static async Task<ValkeyServer> StartAsync(ValkeyServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Password?.Any(char.IsControl) == true)
            throw new ArgumentException("The Valkey password holds a control character.", nameof(options));
        var server = new ValkeyServer(options, await TemporaryDirectory.CreateAsync(cancellationToken: cancellationToken));
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the stopped server again on its port: with its data when it keeps any, otherwise empty.</summary>
    /// <exception cref="ServerStartException">It did not start; the message holds its last lines.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _process.StartAsync(cancellationToken);

    /// <summary>Ends the server in order; kept data is saved.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _process.StopAsync(cancellationToken);

    /// <summary>Kills the server (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process.KillAsync(cancellationToken);

    /// <summary>Freezes the server (SIGSTOP): connections stay open and nothing answers.</summary>
    public void Pause() => _process.Pause();

    /// <summary>Lets a paused server go on.</summary>
    public void Resume() => _process.Resume();

    /// <summary>Sends one command on a connection of its own.</summary>
    /// <returns>Text, a number as <see cref="long"/>, a list, or <see langword="null"/>.</returns>
    /// <exception cref="InvalidOperationException">The server answered with an error.</exception>
    public async Task<object?> ExecuteAsync(IReadOnlyList<string> command, CancellationToken cancellationToken = default)
    {
        await using var connection = await RespConnection.OpenAsync(Port, Password, cancellationToken);
        return await connection.ExecuteAsync(command, cancellationToken);
    }

    /// <summary>Ends the server and deletes what it need not keep.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _directory.DisposeAsync();
    }

    string IServerProgram.Kind => "Valkey";

    string IServerProgram.Description => Binary.Path;

    async Task<ChildProcessOptions> IServerProgram.PrepareAsync(int port, CancellationToken cancellationToken) => new()
    {
        FileName = Binary.Path,
        Arguments = [await ValkeyConfiguration.WriteAsync(_options, port, _directory.FullPath, cancellationToken)],
        WorkingDirectory = _directory.FullPath,
        Environment = Binary.Environment,
    };

    // Somebody else may listen on that port: the answer must come from the process that we started.
    async ValueTask<bool> IServerProgram.IsReadyAsync(int port, int processId, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await RespConnection.OpenAsync(port, Password, cancellationToken);
            return await connection.ExecuteAsync(["PING"], cancellationToken) is "PONG"
                && await connection.ExecuteAsync(["INFO", "server"], cancellationToken) is string info
                && info.Contains(string.Create(CultureInfo.InvariantCulture, $"process_id:{processId}\r\n"), StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            return false;
        }
    }
}
