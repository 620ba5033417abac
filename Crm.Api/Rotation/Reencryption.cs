using Crm.Api.Accounts;
using Crm.Api.Diagnostics;
using Crm.Api.Encryption;
using Crm.Api.Holders;
using Dapper;
using Npgsql;
using TenantManager.Contracts;

namespace Crm.Api.Rotation;

/// <summary>Seals a tenant's rows anew with its current data key, a few in each transaction, beside requests.</summary>
internal static class Reencryption
{
    private const int Batch = 100;

    /// <summary>Runs until nothing that is not locked by others is under an older key; those others seal with the current one.</summary>
    /// <returns>How many rows it were.</returns>
    public static async Task<int> RunAsync(TenantKeys keys, TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var all = 0;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        int rows;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var ring = await keys.GetForWritingAsync(tenant, database, connection);
            rows = await HoldersAsync(connection, ring) + await AccountsAsync(connection, ring);
            await transaction.CommitAsync(cancellationToken);
            CrmDiagnostics.Reencrypted(rows);
            all += rows;
        }
        while (rows > 0);
        return all;
    }

    private static async Task<int> HoldersAsync(NpgsqlConnection connection, KeyRing ring)
    {
        var rows = (await connection.QueryAsync<HolderRow>(
            $"select {HolderStore.Columns} from holders where deleted_at is null and key_version < @Version order by id limit {Batch} for update skip locked",
            new { ring.Current.Version })).AsList();
        foreach (var row in rows)
        {
            var data = HolderStore.Open(ring, row);
            await connection.ExecuteAsync(
                "update holders set sealed = @sealedData, document_hash = @hash, key_version = @Version where id = @Id",
                new { sealedData = HolderStore.Seal(ring, row.Id, data), hash = ring.Current.Hash(Document.Value(row.OrganizationId, data.Document)), ring.Current.Version, row.Id });
        }

        return rows.Count;
    }

    private static async Task<int> AccountsAsync(NpgsqlConnection connection, KeyRing ring)
    {
        var rows = (await connection.QueryAsync<AccountRow>(
            $"select {AccountStore.Columns} from holder_accounts where deleted_at is null and key_version < @Version order by id limit {Batch} for update skip locked",
            new { ring.Current.Version })).AsList();
        foreach (var row in rows)
        {
            await connection.ExecuteAsync(
                "update holder_accounts set sealed = @sealedData, key_version = @Version where id = @Id",
                new { sealedData = AccountStore.Seal(ring, row.Id, AccountStore.Open(ring, row)), ring.Current.Version, row.Id });
        }

        return rows.Count;
    }
}
