using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Databases;

namespace TenantPlatform.ServiceKit.Migrations;

/// <summary>Registration of the schema of a service's tenants.</summary>
public static class MigrationExtensions
{
    /// <summary>
    /// Brings each tenant's database up to date on its first use, by the steps that are embedded in the assembly as <c>0001-what.sql</c>,
    /// <c>0002-…</c>: each once, in a transaction, whichever pod comes first. A step that was applied is never changed.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="assembly">Where the steps are.</param>
    /// <exception cref="InvalidOperationException">The assembly has none, or they are not numbered from 0001 without gaps.</exception>
    /// <example><code>
    /// &lt;EmbeddedResource Include="Migrations/*.sql" LogicalName="%(Filename)%(Extension)" /&gt;
    /// builder.Services.AddTenantMigrations(typeof(Program).Assembly);
    /// </code></example>
    public static IServiceCollection AddTenantMigrations(this IServiceCollection services, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(assembly);
        var scripts = MigrationScript.Of(assembly);
        return services.AddSingleton<ITenantDatabaseInitializer>(provider =>
            new TenantMigrations(scripts, provider.GetRequiredService<ILogger<TenantMigrations>>()));
    }
}
