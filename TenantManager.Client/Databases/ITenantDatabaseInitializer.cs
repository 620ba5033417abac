using Npgsql;
using TenantManager.Contracts;

namespace TenantManager.Client.Databases;

/// <summary>What a service does to a tenant's database before its first use in this process, such as migrations.</summary>
/// <remarks>Several pods may run it for the same tenant at once; it must be safe then, and cheap when there is nothing to do.</remarks>
public interface ITenantDatabaseInitializer
{
    /// <summary>Prepares the database. When it throws, the pool is not handed out and the request fails as unavailable.</summary>
    Task InitializeAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken);
}
