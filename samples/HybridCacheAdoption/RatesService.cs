using Cache.Core;

namespace HybridCacheAdoption;

/// <summary>The service: what differs between before and after is the registration of its cache.</summary>
internal static class RatesService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Before: builder.Services.AddHybridCache(); of Microsoft.Extensions.Caching.Hybrid. That package cannot be restored on
        // every machine that builds this repository, so a small implementation of the same abstraction stands in for it.
        // After: builder.Services.AddTieredCache(builder.Configuration);
        if (!args.Contains("--after", StringComparer.Ordinal))
            builder.Services.AddPlainHybridCache();

        // It may even stay: AddTieredCache takes its place, whichever comes first. With a server named (ConnectionStrings:valkey or
        // CACHE_ADDRS) the pods share a second tier.
        if (!args.Contains("--before", StringComparer.Ordinal))
            builder.Services.AddTieredCache(builder.Configuration);

        builder.Services.AddSingleton<RatesSource>();
        var app = builder.Build();
        app.MapRates();
        return app;
    }
}
