namespace TenantPlatform.LocalServers;

/// <summary>A PostgreSQL server that databases can be created in.</summary>
internal interface IPostgresDatabases
{
    /// <summary>Creates a database unless it exists.</summary>
    Task CreateDatabaseAsync(string name, CancellationToken cancellationToken = default);
}
