using System.Globalization;
using TenantPlatform.Hosting.Processes;

namespace TenantPlatform.Hosting.Servers;

/// <summary>A Valkey server of our own on 127.0.0.1, which can be stopped, killed, paused and started again on the same port. One caller at a time.</summary>
public sealed class ValkeyServer : IAsyncDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ValkeyServerOptions _options;
    private readonly TemporaryDirectory _directory;
    private PortReservation? _reservation;
    private ChildProcess? _process;

    private ValkeyServer(ValkeyServerOptions options, TemporaryDirectory directory)
    {
        _options = options;
        _directory = directory;
    }

    /// <summary>Always <c>127.0.0.1</c>.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The TCP port, the same for this object's whole life.</summary>
    public int Port { get; private set; }

    /// <summary>The password, if one is asked for.</summary>
    public string? Password => _options.Password;

    /// <summary>The address and password as StackExchange.Redis reads them. Holds a secret.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"{Host}:{Port}{(Password is null ? string.Empty : $",password={Password}")}");

    /// <summary>The program that runs.</summary>
    public ServerBinary Binary => _options.Binary;

    /// <summary>The process id of the present or last run.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>Whether the server process is there, paused or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Completes with the exit code when the present run ends.</summary>
    public Task<int> Exited => _process?.Exited ?? Task.FromResult(0);

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
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning)
            throw new InvalidOperationException("The Valkey server is running already.");
        for (var attempt = 1; ; attempt++)
        {
            var chooses = Port == 0 && _options.Port == 0;
            if (chooses)
                _reservation = PortReservation.Take();
            var port = Port != 0 ? Port : _reservation?.Port ?? _options.Port;
            var tail = new OutputTail(_options.Output);
            if (await TryStartAsync(port, tail, cancellationToken))
            {
                Port = port;
                return;
            }

            if (!chooses || attempt == Attempts || !tail.ToString().Contains("in use", StringComparison.OrdinalIgnoreCase))
                throw new ServerStartException($"{_options.Binary.Path} did not start on port {port}:{Environment.NewLine}{tail}");
            _reservation!.Dispose();
        }
    }

    /// <summary>Ends the server in order; kept data is saved.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        _process is null ? Task.CompletedTask : _process.StopAsync(StopLimit, cancellationToken);

    /// <summary>Kills the server (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) =>
        _process is null ? Task.CompletedTask : _process.KillAsync(cancellationToken);

    /// <summary>Freezes the server (SIGSTOP): connections stay open and nothing answers.</summary>
    public void Pause() => _process?.Pause();

    /// <summary>Lets a paused server go on.</summary>
    public void Resume() => _process?.Resume();

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
        if (_process is not null)
        {
            await StopAsync();
            await _process.DisposeAsync();
        }

        _reservation?.Dispose();
        await _directory.DisposeAsync();
    }

    private async Task<bool> TryStartAsync(int port, OutputTail tail, CancellationToken cancellationToken)
    {
        var configuration = await ValkeyConfiguration.WriteAsync(_options, port, _directory.FullPath, cancellationToken);
        if (_process is not null)
            await _process.DisposeAsync();
        _process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = _options.Binary.Path,
                Arguments = [configuration],
                WorkingDirectory = _directory.FullPath,
                Environment = _options.Binary.Environment,
                OutputLine = tail.Add,
                ErrorLine = tail.Add,
            },
            cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            while (!_process.HasExited)
            {
                if (await AnswersAsync(port, limit.Token))
                    return true;
                await Task.Delay(PollInterval, limit.Token);
            }

            await _process.Exited.WaitAsync(limit.Token);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await _process.KillAsync(CancellationToken.None);
            tail.Add($"(no answer to PING within {StartLimit.TotalSeconds} s)");
            return false;
        }
    }

    // Somebody else may listen on that port: the answer must come from the process that we started.
    private async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await RespConnection.OpenAsync(port, Password, cancellationToken);
            return await connection.ExecuteAsync(["PING"], cancellationToken) is "PONG"
                && await connection.ExecuteAsync(["INFO", "server"], cancellationToken) is string info
                && info.Contains(string.Create(CultureInfo.InvariantCulture, $"process_id:{_process!.Id}\r\n"), StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            return false;
        }
    }
}
