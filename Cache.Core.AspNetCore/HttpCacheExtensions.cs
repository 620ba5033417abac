using Cache.Core.AspNetCore.Answering;
using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Forwarding;
using Cache.Core.AspNetCore.Purging;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cache.Core.AspNetCore;

/// <summary>Registration of the HTTP cache.</summary>
public static class HttpCacheExtensions
{
    /// <summary>
    /// Adds a shared HTTP cache (RFC 9111). Where <see cref="CacheCoreExtensions.AddValkey"/> was called, Valkey is its second tier and all
    /// processes that use the same prefix share it; otherwise it lives in this process.
    /// </summary>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddHttpCache(this IServiceCollection services, Action<HttpCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        HttpCacheOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        services.AddCoherentPrefix(ResponseStore.EntriesPrefix(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(HttpCacheMetrics.Shared);
        services.AddSingleton<StoredResponseFactory>();
        services.AddSingleton(provider => new ResponseStore(options, provider));
        services.AddSingleton(static provider => new HttpCachePurger(provider.GetRequiredService<ResponseStore>()));
        services.AddSingleton<ExchangeServices>();
        services.AddSingleton<ExchangeTable>();
        services.AddSingleton<RevalidationQueue>();
        services.AddSingleton<StoredAnswer>();
        services.AddSingleton<QuickHit>();
        return services;
    }

    /// <summary>Gives endpoints a policy of their own. The cache comes after routing then.</summary>
    /// <exception cref="InvalidOperationException">A value of the policy is out of range; the message names it.</exception>
    public static TBuilder WithHttpCache<TBuilder>(this TBuilder endpoints, HttpCachePolicy policy)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(policy);
        policy.Validate();
        endpoints.Add(endpoint => endpoint.Metadata.Add(policy));
        return endpoints;
    }

    /// <summary>Puts the cache before what comes after it in the pipeline, which is the origin to it. What identifies the requester comes before it.</summary>
    /// <exception cref="InvalidOperationException"><see cref="AddHttpCache"/> was not called.</exception>
    public static IApplicationBuilder UseHttpCache(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<HttpCacheOptions>() is null)
            throw new InvalidOperationException("UseHttpCache() needs services: call builder.Services.AddHttpCache() first.");
        return app.UseMiddleware<HttpCacheMiddleware>();
    }
}
