using Cache.Core.AspNetCore.Clients;
using Cache.Core.AspNetCore.Purging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cache.Core.AspNetCore;

/// <summary>Registration of the HTTP cache of a client.</summary>
public static class HttpClientCacheExtensions
{
    /// <summary>
    /// Gives the client a private cache (RFC 9111), in its process, which outlives the client's handlers. Handlers that are added before it,
    /// such as one that sets <c>Authorization</c>, see every request; those after it only what is asked of the server. A
    /// <see cref="HttpCachePurger"/> by the client's name, as a keyed service, removes what it keeps.
    /// </summary>
    /// <param name="builder">The client, as <c>services.AddHttpClient(…)</c> returns it.</param>
    /// <param name="configure">Changes the options.</param>
    /// <exception cref="InvalidOperationException">An option is out of range, or the client has a cache; the message names it.</exception>
    /// <example><code>services.AddHttpClient("prices", client => client.BaseAddress = address).AddHttpCache();</code></example>
    public static IHttpClientBuilder AddHttpCache(this IHttpClientBuilder builder, Action<HttpClientCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        HttpClientCacheOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        if (options.PartitionOf is not null)
            throw new InvalidOperationException($"{nameof(HttpClientCacheOptions)}.{nameof(options.PartitionOf)} is set; set {nameof(options.UserOf)} to tell a client's users apart.");
        var name = builder.Name;
        if (builder.Services.Any(one => one.IsKeyedService && one.ServiceType == typeof(ClientCache) && name.Equals(one.ServiceKey)))
            throw new InvalidOperationException($"The client '{name}' has an HTTP cache already; call AddHttpCache() once for each.");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddKeyedSingleton(name, (services, _) => new ClientCache(name, options, services));
        builder.Services.AddKeyedSingleton(name, static (services, key) => new HttpCachePurger(services.GetRequiredKeyedService<ClientCache>(key).Store));
        return builder.AddHttpMessageHandler(services => new HttpCacheHandler(services.GetRequiredKeyedService<ClientCache>(name)));
    }
}
