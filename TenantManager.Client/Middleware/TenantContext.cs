using Microsoft.AspNetCore.Http;
using Npgsql;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Middleware;

/// <summary>The tenant of the current request. A handler takes it as a parameter.</summary>
/// <remarks>Valid until the request ends; the pool behind <see cref="Database"/> is not closed under it.</remarks>
public sealed class TenantContext
{
    internal TenantContext(TenantId tenant, TenantConfig config, NpgsqlDataSource database)
    {
        Tenant = tenant;
        Config = config;
        Database = database;
    }

    /// <summary>The tenant's id.</summary>
    public TenantId Tenant { get; }

    /// <summary>The tenant's configuration for this service. Never log it: it holds passwords.</summary>
    public TenantConfig Config { get; }

    /// <summary>The tenant's own database, of this service's module.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>Lets minimal APIs bind the context of the current request.</summary>
    public static ValueTask<TenantContext?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(context.Features.Get<TenantContext>());
    }
}
