using Npgsql;

namespace TenantManager.Client.Databases;

/// <summary>The use of a tenant's pool for one request: until it is disposed, the pool is not closed.</summary>
internal sealed class PoolLease(TenantPool pool) : IAsyncDisposable
{
    private TenantPool? _pool = pool;

    public NpgsqlDataSource Database { get; } = pool.Database;

    /// <summary>Cancelled when whoever uses the pool must end: the tenant was denied, and its grace period is over.</summary>
    public CancellationToken Cut { get; } = pool.Cut;

    /// <summary>Whether the tenant was denied since, and has not been served anew.</summary>
    public bool IsDenied => _pool?.IsDenied == true;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _pool, value: null)?.ReleaseAsync() ?? ValueTask.CompletedTask;
}
