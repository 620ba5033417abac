using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Client.Configuration;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Databases;

/// <summary>Opens a tenant's pool: proves that the database answers and lets the service prepare it before anybody gets it.</summary>
internal sealed partial class TenantPoolOpener(
    TenantManagerClientOptions options, IEnumerable<ITenantDatabaseInitializer> initializers, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<TenantPoolOpener>();

    /// <summary>What the configuration asks for; two pools with the same are the same.</summary>
    /// <exception cref="TenantDatabaseUnavailableException">The configuration has no usable database for the module.</exception>
    public string ConnectionString(TenantConfig config) => PoolSettings.ConnectionString(config, options.Module, options.ServiceName, options.ConnectTimeout);

    /// <summary>Likewise; null when the configuration is unusable.</summary>
    public string? TryConnectionString(TenantConfig config)
    {
        try
        {
            return ConnectionString(config);
        }
        catch (TenantDatabaseUnavailableException)
        {
            return null;
        }
    }

    /// <exception cref="TenantDatabaseUnavailableException">The database cannot be used.</exception>
    public async Task<TenantPool> OpenAsync(TenantId tenant, TenantConfig config, CancellationToken cancellationToken)
    {
        var connectionString = ConnectionString(config);
        var database = Build(connectionString);
        try
        {
            // Opened and given back: reachable, and the credentials are right.
            var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);

            foreach (var initializer in initializers)
                await initializer.InitializeAsync(tenant, database, cancellationToken).ConfigureAwait(false);
            return new TenantPool(connectionString, config.Revision, database);
        }
        catch (Exception exception)
        {
            await database.DisposeAsync().ConfigureAwait(false);
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;

            // The kind and the server's code: a message may quote what it should not.
            var kind = exception is PostgresException answered ? $"SQLSTATE {answered.SqlState}" : exception.GetType().Name;
            LogOpenFailed(tenant.Value, kind);
            throw new TenantDatabaseUnavailableException($"The tenant's database cannot be used ({kind}).", exception);
        }
    }

    private NpgsqlDataSource Build(string connectionString)
    {
        try
        {
            return new NpgsqlDataSourceBuilder(connectionString).UseLoggerFactory(loggers).Build();
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // Without the cause, which may quote the connection string.
            throw new TenantDatabaseUnavailableException("The tenant's database settings cannot be used.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of tenant {Tenant} cannot be used: {Kind}")]
    private partial void LogOpenFailed(string tenant, string kind);
}
