using System.Security.Cryptography;
using Dapper;
using Npgsql;
using TenantManager.Api.Associations;
using TenantManager.Api.Configuration;

namespace TenantManager.Api.Provisioning;

/// <summary>
/// Makes and removes tenants' roles and databases. Every step may be repeated. A role can log in to its own database and
/// nowhere else: no other database lets strangers connect.
/// </summary>
internal sealed class DatabaseProvisioner(ManagerOptions options) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _server = Open(options.ServerConnectionString);

    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>Takes from everybody the right to connect that PostgreSQL gives by default.</summary>
    public async Task CloseServerToStrangersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _server.OpenConnectionAsync(cancellationToken);
        var open = await connection.QueryAsync<string>(
            "select datname from pg_database where datallowconn and datname <> 'template0' and has_database_privilege('public', oid, 'connect')");
        foreach (var database in open.ToList())
        {
            await using var turn = await TakeTurnOnAsync(database, cancellationToken);
            await turn.Connection.ExecuteAsync($"revoke connect, temporary on database {DatabaseNames.Quote(database)} from public");
        }
    }

    /// <summary>Waits until no other instance works on the same thing; disposing the result ends the turn.</summary>
    public async Task<IAsyncDisposable> TakeTurnAsync(string subject, CancellationToken cancellationToken) => await TakeTurnOnAsync(subject, cancellationToken);

    /// <summary>
    /// Likewise. By a database's name for whoever changes rights on it: they are one row of the server's, and of two who
    /// change it at once one would get an error.
    /// </summary>
    private async Task<Turn> TakeTurnOnAsync(string subject, CancellationToken cancellationToken)
    {
        var connection = await _server.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_lock(hashtextextended(@subject, 17))", new { subject }, commandTimeout: 60, cancellationToken: cancellationToken));
            return new Turn(connection, subject);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task ProvisionAsync(AssociationRow association, string password, CancellationToken cancellationToken)
    {
        await using var turn = await TakeTurnOnAsync(association.DatabaseName, cancellationToken);
        await EnsureRoleAsync(turn.Connection, association.RoleName, password);
        var owner = association.SchemaName is null ? association.RoleName : null;
        await EnsureDatabaseAsync(turn.Connection, association.DatabaseName, owner);
        if (association.SchemaName is { } schema)
            await EnsureSchemaAsync(association, schema, cancellationToken);
    }

    public async Task SetPasswordAsync(string role, string password, CancellationToken cancellationToken)
    {
        await using var connection = await _server.OpenConnectionAsync(cancellationToken);
        await SetPasswordAsync(connection, role, password);
    }

    /// <summary>Ends the role's sessions, then removes the data and the role.</summary>
    public async Task RemoveAsync(AssociationRow association, CancellationToken cancellationToken)
    {
        await using var turn = await TakeTurnOnAsync(association.DatabaseName, cancellationToken);
        var connection = turn.Connection;
        var role = DatabaseNames.Quote(association.RoleName);
        if (!await RoleExistsAsync(connection, association.RoleName))
            return;
        await connection.ExecuteAsync($"alter role {role} nologin");
        await connection.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where usename = @RoleName", association);
        if (association.SchemaName is { } schema)
        {
            // A provisioning that ended early has made the role and nothing else.
            if (await DatabaseExistsAsync(connection, association.DatabaseName))
                await RemoveSchemaAsync(association, schema, cancellationToken);
        }
        else
        {
            await connection.ExecuteAsync($"drop database if exists {DatabaseNames.Quote(association.DatabaseName)} with (force)");
        }

        await connection.ExecuteAsync($"drop role if exists {role}");
    }

    /// <summary>
    /// Connects to an association's database as its own role: what a tenant's types and casts run while its rows are read must not run
    /// as the server's administrator, who could not be given up for the session either.
    /// </summary>
    public async Task<NpgsqlConnection> ConnectAsync(AssociationRow association, string password, CancellationToken cancellationToken)
    {
        var asItself = new NpgsqlConnectionStringBuilder(InDatabase(association.DatabaseName)) { Username = association.RoleName, Password = password };
        var connection = new NpgsqlConnection(asItself.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task EnsureRoleAsync(NpgsqlConnection connection, string role, string password)
    {
        if (!await RoleExistsAsync(connection, role))
            await connection.ExecuteAsync($"create role {DatabaseNames.Quote(role)} nosuperuser nocreatedb nocreaterole noreplication");
        await SetPasswordAsync(connection, role, password);
        await connection.ExecuteAsync($"grant {DatabaseNames.Quote(role)} to current_user");
    }

    private static Task SetPasswordAsync(NpgsqlConnection connection, string role, string password) =>

        // The statement takes no parameters, and would be logged with a plain password when it fails.
        connection.ExecuteAsync($"alter role {DatabaseNames.Quote(role)} login password '{ScramVerifier.Of(password)}'");

    private static async Task EnsureDatabaseAsync(NpgsqlConnection connection, string database, string? owner)
    {
        var name = DatabaseNames.Quote(database);
        if (!await DatabaseExistsAsync(connection, database))
        {
            try
            {
                await connection.ExecuteAsync($"create database {name} {(owner is null ? string.Empty : $"owner {DatabaseNames.Quote(owner)}")} template template0");
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // The database that tenants share was made by another tenant's association meanwhile.
            }
        }

        await connection.ExecuteAsync($"revoke all on database {name} from public");
    }

    private async Task EnsureSchemaAsync(AssociationRow association, string schema, CancellationToken cancellationToken)
    {
        var role = DatabaseNames.Quote(association.RoleName);
        await using var shared = Open(InDatabase(association.DatabaseName));
        await using var connection = await shared.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"""
            revoke all on schema public from public;
            create schema if not exists {DatabaseNames.Quote(schema)} authorization {role};
            grant connect on database {DatabaseNames.Quote(association.DatabaseName)} to {role};
            alter role {role} in database {DatabaseNames.Quote(association.DatabaseName)} set search_path = {DatabaseNames.Quote(schema)};
            """);
    }

    private async Task RemoveSchemaAsync(AssociationRow association, string schema, CancellationToken cancellationToken)
    {
        await using var shared = Open(InDatabase(association.DatabaseName));
        await using var inside = await shared.OpenConnectionAsync(cancellationToken);
        await inside.ExecuteAsync(
            $"drop schema if exists {DatabaseNames.Quote(schema)} cascade; drop owned by {DatabaseNames.Quote(association.RoleName)} cascade");
    }

    private static Task<bool> DatabaseExistsAsync(NpgsqlConnection connection, string database) =>
        connection.ExecuteScalarAsync<bool>("select exists (select from pg_database where datname = @database)", new { database });

    private static Task<bool> RoleExistsAsync(NpgsqlConnection connection, string role) =>
        connection.ExecuteScalarAsync<bool>("select exists (select from pg_roles where rolname = @role)", new { role });

    private string InDatabase(string database) =>
        new NpgsqlConnectionStringBuilder(options.ServerConnectionString) { Database = database, Pooling = false }.ConnectionString;

    /// <summary>Without logger and command spans: statements here carry verifiers of passwords.</summary>
    private static NpgsqlDataSource Open(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(static _ => false));
        return builder.Build();
    }

    private sealed class Turn(NpgsqlConnection connection, string subject) : IAsyncDisposable
    {
        public NpgsqlConnection Connection => connection;

        public async ValueTask DisposeAsync()
        {
            await using (connection)
                await connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended(@subject, 17))", new { subject });
        }
    }
}
