using System.Security.Cryptography;
using Npgsql;
using TenantPlatform.LocalServers;
using Xunit;

namespace TenantPlatform.TestKit;

/// <summary>
/// A real, throw-away PostgreSQL, one per test process however many classes use this fixture. Each test makes itself a
/// database. The server ends with the process; tests that stop or kill one start their own <see cref="PostgresServer"/>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private PostgresServer? _server;

    /// <summary>The server, shared by all classes of the test process.</summary>
    public PostgresServer Server => _server ?? throw new InvalidOperationException("The fixture has not been initialized.");

    /// <summary>The superuser's connection to the database <c>postgres</c>.</summary>
    public string AdminConnectionString => Server.ConnectionString();

    /// <summary>The superuser's password; random, so a test may assert that it appears in no log.</summary>
    public string Password => Server.Password;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _server = await Shared.Value;

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Creates an empty database that no other test has.</summary>
    /// <returns>The superuser's connection to it, as Npgsql reads it.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        var name = $"test_{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await using var source = NpgsqlDataSource.Create(AdminConnectionString);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Server.ConnectionString(name);
    }

    /// <summary>Starts a PostgreSQL of the caller's own.</summary>
    /// <param name="dataDirectory">Where to keep data; <see langword="null"/>: nowhere.</param>
    /// <param name="password">The superuser's password; <see langword="null"/>: a random one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PostgresServer> StartOwnAsync(
        string? dataDirectory = null, string? password = null, CancellationToken cancellationToken = default)
    {
        var binary = (await ServerLocator.FindPostgresAsync(cancellationToken: cancellationToken)).Require();
        var options = new PostgresServerOptions
        {
            Binary = binary,
            Password = password ?? $"postgres-{RandomNumberGenerator.GetHexString(24, lowercase: true)}",
            DataDirectory = dataDirectory,
        };
        return await PostgresServer.StartAsync(options, cancellationToken);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        return await StartOwnAsync(cancellationToken: limit.Token);
    }
}
