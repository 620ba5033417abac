using Cache.Core;
using Cache.Core.AspNetCore;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace WebFarm;

/// <summary>The service: what differs between before and after is who keeps its sessions, keys and pages.</summary>
internal static class ShopService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (args.Contains("--before", StringComparer.Ordinal))
            AddMicrosofts(builder);
        else
            AddTiers(builder);

        builder.Services.AddSession(options => options.IdleTimeout = TimeSpan.FromMinutes(20));
        builder.Services.AddOutputCache(options => options.AddPolicy("products", policy => policy.Expire(TimeSpan.FromMinutes(10)).Tag("products")));
        builder.Services.AddSingleton<Products>();
        var app = builder.Build();
        app.UseSession();
        app.UseOutputCache();
        app.MapShop();
        return app;
    }

    private static void AddMicrosofts(WebApplicationBuilder builder)
    {
        var connection = builder.Configuration.GetConnectionString("valkey")!;
        builder.Services.AddStackExchangeRedisCache(options => options.Configuration = connection);
        builder.Services.AddStackExchangeRedisOutputCache(options => options.Configuration = connection);
        builder.Services.AddDataProtection().SetApplicationName("shop").PersistKeysToStackExchangeRedis(ConnectionMultiplexer.Connect(connection));
    }

    private static void AddTiers(WebApplicationBuilder builder)
    {
        builder.Services.AddValkey(builder.Configuration);   // ConnectionStrings:valkey
        builder.Services.AddTieredDistributedCache();
        builder.Services.AddTieredOutputCache();
        builder.Services.AddDataProtection().SetApplicationName("shop").PersistKeysToValkey();
    }
}
