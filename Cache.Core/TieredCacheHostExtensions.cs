using System.Text.Json;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Cache.Core;

/// <summary>Registration of the cache with a host, as Aspire's client integrations do it.</summary>
public static class TieredCacheHostExtensions
{
    /// <summary>
    /// Adds the cache over L1 and the Valkey of a named connection, with its health check: what
    /// <see cref="CacheCoreExtensions.AddTieredCache(Microsoft.Extensions.DependencyInjection.IServiceCollection, IConfiguration, Action{TieredCacheOptions}?, JsonSerializerOptions?)"/>
    /// does, with the connection that an app host's <c>WithReference(valkey)</c> hands over, and which must be there. Options come from
    /// the section <c>Cache</c>. Meter and activity source are both named <c>Cache.Core</c>.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="connectionName">The connection's name: <c>ConnectionStrings:NAME</c> is read.</param>
    /// <param name="configure">Has the last word on the options.</param>
    /// <param name="json">How values look as JSON in L2 where no registered serializer takes them; web defaults when null.</param>
    /// <exception cref="ValkeyConfigurationException">There is no such connection, or it cannot be read; the message names it.</exception>
    /// <exception cref="CacheConfigurationException">A setting is unknown, missing or wrong; the message names it.</exception>
    /// <exception cref="InvalidOperationException">An option that <paramref name="configure"/> has set is out of range; the message names it.</exception>
    /// <example><code>
    /// var builder = WebApplication.CreateBuilder(args);
    /// builder.AddTieredCache("valkey");
    /// </code></example>
    public static IHostApplicationBuilder AddTieredCache(
        this IHostApplicationBuilder builder, string connectionName, Action<TieredCacheOptions>? configure = null, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);
        var options = TieredCacheSettings.Read(builder.Configuration);
        builder.Services.AddConnection(builder.Configuration, connectionName);
        builder.Services.AddTieredCache(options, configure, json);
        return builder;
    }
}
