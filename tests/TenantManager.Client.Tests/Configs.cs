using Npgsql;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests;

/// <summary>Configurations of tenants that have a real database.</summary>
internal static class Configs
{
    public const string Service = "ledger";

    /// <summary>A tenant id that no other test has.</summary>
    public static string NewTenant() => $"t{Guid.NewGuid():N}"[..24];

    /// <summary>A configuration with a fresh database behind it.</summary>
    public static async Task<TenantConfig> WithDatabaseAsync(PostgresFixture postgres, string tenant, long revision = 1) =>
        For(tenant, new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()), revision);

    /// <summary>A configuration whose database nobody answers for.</summary>
    public static TenantConfig Unreachable(string tenant, long revision = 1, string password = "unreachable-secret") =>
        For(tenant, new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = FreePort.Next(), Database = "d", Username = "u", Password = password }, revision);

    public static TenantConfig For(
        string tenant, NpgsqlConnectionStringBuilder database, long? revision, ConnectionSettings? limits = null, string? isolation = null, string? schema = null)
    {
        var postgres = new PostgresDatabase
        {
            Host = database.Host!,
            Port = database.Port,
            Database = database.Database!,
            Username = database.Username!,
            Password = database.Password!,
            Schema = schema,
        };
        return new TenantConfig
        {
            Id = tenant,
            TenantSlug = tenant,
            Service = Service,
            Status = "active",
            IsolationMode = isolation,
            Revision = revision,
            Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal)
            {
                [Service] = new() { Postgres = postgres, ConnectionSettings = limits },
            },
        };
    }

    /// <summary>The same database with other limits.</summary>
    public static TenantConfig WithLimits(this TenantConfig config, long? revision, int open, string? statementTimeout = null) => For(
        config.Id,
        config.Connection(),
        revision,
        new ConnectionSettings { MaxOpenConns = open, MaxIdleConns = 1, StatementTimeout = statementTimeout });

    public static NpgsqlConnectionStringBuilder Connection(this TenantConfig config)
    {
        var database = config.Databases![Service].Postgres!;
        return new NpgsqlConnectionStringBuilder
        {
            Host = database.Host,
            Port = database.Port,
            Database = database.Database,
            Username = database.Username,
            Password = database.Password,
        };
    }
}
