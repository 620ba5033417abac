using Dapper;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Contracts;

namespace Crm.Api.Rotation;

/// <summary>Goes on with what a pod that is gone has begun: found when the tenant's pool is opened.</summary>
internal sealed class UnfinishedRotation(ReencryptionQueue queue) : ITenantDatabaseInitializer
{
    public async Task InitializeAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<bool>(
            """
            select exists (select from holders where deleted_at is null and key_version < (select max(version) from data_keys))
                or exists (select from holder_accounts where deleted_at is null and key_version < (select max(version) from data_keys))
            """))
        {
            queue.Add(tenant);
        }
    }
}
