using System.Globalization;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>A PostgreSQL server of our own on 127.0.0.1, which can be stopped, killed, paused and started again on the same port. One caller at a time.</summary>
public sealed class PostgresServer : IAsyncDisposable, IServerProgram
{
    private readonly PostgresServerOptions _options;
    private readonly UnixUser? _user;
    private readonly TemporaryDirectory _directory;
    private readonly PostgresDataDirectory _data;
    private readonly ServerProcess _process;

    private PostgresServer(PostgresServerOptions options, UnixUser? user, TemporaryDirectory directory)
    {
        _options = options;
        _user = user;
        _directory = directory;
        DataDirectory = options.DataDirectory is { } asked
            ? PostgresDataDirectory.Reachable(asked, user)
            : Path.Combine(directory.FullPath, "data");
        _data = new PostgresDataDirectory(DataDirectory, options.Binary, user);
        _process = new ServerProcess(this, options.Port, options.Output);
    }

    /// <summary>Always <c>127.0.0.1</c>.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The TCP port, the same for this object's whole life.</summary>
    public int Port => _process.Port;

    /// <summary>The superuser's name.</summary>
    public string UserName => _options.UserName;

    /// <summary>The superuser's password.</summary>
    public string Password => _options.Password;

    /// <summary>Where the data is: not always where it was asked for, see <see cref="PostgresServerOptions.DataDirectory"/>.</summary>
    public string DataDirectory { get; }

    /// <summary>The program that runs.</summary>
    public ServerBinary Binary => _options.Binary;

    /// <summary>The process id of the present or last run.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether the server process is there, paused or not.</summary>
    public bool IsRunning => _process.IsRunning;

    /// <summary>Completes with the exit code when the present run ends.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>The superuser's connection as Npgsql reads it. Holds a secret.</summary>
    /// <param name="database">The database to connect to.</param>
    public string ConnectionString(string database = "postgres") => string.Create(
        CultureInfo.InvariantCulture, $"Host={Host};Port={Port};Username={Quote(UserName)};Password={Quote(Password)};Database={Quote(database)}");

    /// <summary>Starts a server, creating its data directory first where needed, and waits until it accepts connections.</summary>
    /// <exception cref="ServerStartException">It did not start; the message says why.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Password, nameof(options));
        if (options.Password.Any(char.IsControl))
            throw new ArgumentException("The PostgreSQL password holds a control character.", nameof(options));
        var user = PostgresAccount.Choose();
        var server = new PostgresServer(options, user, await TemporaryDirectory.CreateAsync(user, cancellationToken));
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

    /// <summary>Starts the stopped server again, on its port and with its data.</summary>
    /// <exception cref="ServerStartException">It did not start; the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _process.RequireStopped();
        await _data.PrepareAsync(UserName, Password, _options.DataDirectory is null, _directory.FullPath, cancellationToken);
        await _process.StartAsync(cancellationToken);
        if (_options.DataDirectory is not null)
            await Psql.SetPasswordAsync(Binary, Port, UserName, Password, _user, _directory.FullPath, cancellationToken);
    }

    /// <summary>Creates a database unless it exists.</summary>
    public async Task CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        await Psql.RunAsync(Binary, Port, UserName, _user, _directory.FullPath, PostgresText.CreateDatabase(name), cancellationToken);
    }

    /// <summary>Ends the server in order; clients are disconnected (PostgreSQL's fast shutdown).</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _process.StopAsync(cancellationToken);

    /// <summary>
    /// Ends the server for good. Data that is thrown away is not written down first (PostgreSQL's immediate shutdown): with many
    /// databases that took longer than anybody waits.
    /// </summary>
    public Task EndAsync(CancellationToken cancellationToken = default) =>
        _options.DataDirectory is null ? _process.StopAsync(StopSignal.Quit, cancellationToken) : StopAsync(cancellationToken);

    /// <summary>Kills the server (SIGKILL); its backends notice and end by themselves.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process.KillAsync(cancellationToken);

    /// <summary>Freezes the postmaster (SIGSTOP): no new connection is served; existing ones go on.</summary>
    public void Pause() => _process.Pause();

    /// <summary>Lets a paused server go on.</summary>
    public void Resume() => _process.Resume();

    /// <summary>Ends the server and deletes what it need not keep.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _process.DisposeAsync();
        await _directory.DisposeAsync();
    }

    string IServerProgram.Kind => "PostgreSQL";

    string IServerProgram.Description => $"{Binary.Path} with the data in {DataDirectory}";

    Task<ChildProcessOptions> IServerProgram.PrepareAsync(int port, CancellationToken cancellationToken) => Task.FromResult(new ChildProcessOptions
    {
        FileName = Binary.Path,
        Arguments = ["-D", DataDirectory, .. PostgresSettings.Arguments(_options.Settings, _options.DataDirectory is not null, port, _directory.FullPath)],
        WorkingDirectory = _directory.FullPath,
        Environment = PostgresEnvironment.For(Binary),
        User = _user,
        StopSignal = StopSignal.Interrupt,
    });

    ValueTask<bool> IServerProgram.IsReadyAsync(int port, int processId, CancellationToken cancellationToken) => ValueTask.FromResult(_data.IsReady(processId));

    private static string Quote(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
