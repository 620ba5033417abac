using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Contracts;

namespace TenantPlatform.ServiceKit.Migrations;

/// <summary>Brings a tenant's database up to date on its first use, once, however many pods begin at the same time.</summary>
internal sealed partial class TenantMigrations(IReadOnlyList<MigrationScript> scripts, ILogger<TenantMigrations> logger) : ITenantDatabaseInitializer
{
    private const long LockId = 0x1ed9_e100_01;

    static TenantMigrations() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public async Task InitializeAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await IsCurrentAsync(connection))
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@LockId)", new { LockId });
        await connection.ExecuteAsync(
            "create table if not exists schema_migrations (number integer primary key, checksum text not null, applied_at timestamptz not null default now())");
        var applied = (await connection.QueryAsync<(int Number, string Checksum)>("select number, checksum from schema_migrations")).ToDictionary(row => row.Number, row => row.Checksum);
        foreach (var migration in scripts)
        {
            if (applied.TryGetValue(migration.Number, out var checksum))
            {
                if (checksum != migration.Checksum)
                    throw new InvalidOperationException($"Migration {migration.Number} was changed after it had been applied: add a new one instead.");
                continue;
            }

            await connection.ExecuteAsync(migration.Sql);
            await connection.ExecuteAsync("insert into schema_migrations (number, checksum) values (@Number, @Checksum)", migration);
            LogApplied(migration.Number, tenant.Value);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The cheap way out: one read when there is nothing to do.</summary>
    private async Task<bool> IsCurrentAsync(NpgsqlConnection connection)
    {
        if (!await connection.ExecuteScalarAsync<bool>("select to_regclass('schema_migrations') is not null"))
            return false;
        return await connection.ExecuteScalarAsync<bool>(
            "select exists (select from schema_migrations where number = @Number and checksum = @Checksum)", scripts[^1]);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Number} to the database of tenant {Tenant}")]
    private partial void LogApplied(int number, string tenant);
}
