using Cache.Core;
using Cache.Core.Valkey;

namespace HybridCacheAdoption;

/// <summary>The service: what differs between before and after is the registration of its cache.</summary>
internal static class RatesService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Before: builder.Services.AddHybridCache(); of Microsoft.Extensions.Caching.Hybrid. That package cannot be restored on
        // every machine that builds this repository, so a small implementation of the same abstraction stands in for it.
        // After: builder.Services.AddTieredCache();
        if (args.Contains("--before", StringComparer.Ordinal))
            builder.Services.AddPlainHybridCache();
        else
            builder.Services.AddTieredCache();

        // Optional: with a server named (ConnectionStrings:valkey or CACHE_ADDRS) the pods share a second tier.
        if (ValkeySettings.IsConfigured(builder.Configuration))
            builder.Services.AddValkey(builder.Configuration);

        builder.Services.AddSingleton<RatesSource>();
        var app = builder.Build();
        app.MapRates();
        return app;
    }
}
