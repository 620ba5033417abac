using Npgsql;

namespace TenantPlatform.Testbed;

/// <summary>Looks into PostgreSQL as its administrator would.</summary>
public sealed class PostgresProbe(NpgsqlDataSource administrator) : IAsyncDisposable
{
    /// <summary>How many sessions are open in databases of a tenant.</summary>
    public async Task<long> SessionsAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        await using var command = administrator.CreateCommand("select count(*) from pg_stat_activity where usename like '%' || $1 || '%'");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Id });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public ValueTask DisposeAsync() => administrator.DisposeAsync();
}
