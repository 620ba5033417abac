using Cache.Core;

namespace HybridCacheAdoption;

/// <summary>The service: what differs between before and after is the registration of its cache.</summary>
internal static class RatesService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Before: Microsoft's.
        if (!args.Contains("--after", StringComparer.Ordinal))
            builder.Services.AddHybridCache();

        // After: this one. The line above may even stay: AddTieredCache takes its place, whichever comes first. With a server named (ConnectionStrings:valkey or
        // CACHE_ADDRS) the pods share a second tier.
        if (!args.Contains("--before", StringComparer.Ordinal))
            builder.Services.AddTieredCache(builder.Configuration);

        builder.Services.AddSingleton<RatesSource>();
        var app = builder.Build();
        app.MapRates();
        return app;
    }
}
