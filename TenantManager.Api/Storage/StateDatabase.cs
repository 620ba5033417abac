using Npgsql;

namespace TenantManager.Api.Storage;

/// <summary>The tenant-manager's own state.</summary>
internal sealed class StateDatabase(NpgsqlDataSource source)
{
    public NpgsqlDataSource Source => source;

    /// <summary>Runs a change in one transaction; nothing of it stays when it throws.</summary>
    public async Task<T> ChangeAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await change(connection);

        // Given up before this, or not at all: nobody would know whether a commit that was broken off has happened.
        cancellationToken.ThrowIfCancellationRequested();
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }
}
