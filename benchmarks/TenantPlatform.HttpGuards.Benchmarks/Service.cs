using Cache.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>A service behind the guards of a variant, whose handler answers 50 bytes.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Service(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<Service> StartAsync(Variant variant, string valkey)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:valkey"] = valkey;
        if (!variant.IsLocal)
            builder.Services.AddValkey(builder.Configuration);

        // Never refused: a refusal is cheaper than an answer.
        builder.Services.AddSharedRateLimits(builder.Configuration, "benchmark", limits => limits.AddTier("all", "1000000/1s").PartitionBy<Caller>());
        builder.Services.AddIdempotency(builder.Configuration, keys =>
        {
            keys.Retention = TimeSpan.FromSeconds(300);
            keys.ScopeBy<Caller>();
        });
        var app = builder.Build();
        if (variant.HasLimits)
            app.UseSharedRateLimits();
        if (variant.HasIdempotency)
            app.UseIdempotency();
        var answer = new byte[50];
        app.Run(context =>
        {
            context.Response.ContentLength = answer.Length;
            return context.Response.Body.WriteAsync(answer, context.RequestAborted).AsTask();
        });
        await app.StartAsync();
        return new Service(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
