using Cache.Core;
using Cache.Core.AspNetCore;
using Microsoft.Extensions.Caching.Hybrid;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration.GetConnectionString("valkey") is null)
    builder.Services.AddTieredCache(builder.Configuration);
else
    builder.AddTieredCache("valkey");
builder.Services.AddHttpCache();

var app = builder.Build();
app.UseHttpCache();
var readings = 0;
app.MapGet("/rates/{currency}", (string currency, HybridCache cache, CancellationToken stop) =>
    cache.GetOrCreateAsync($"rate:{currency}", _ => ValueTask.FromResult(new Rate(currency, Interlocked.Increment(ref readings))), cancellationToken: stop));

var pages = 0;
app.MapGet("/pages/{currency}", (string currency, HttpResponse response) =>
{
    response.Headers.CacheControl = "public, max-age=60";
    return new Rate(currency, Interlocked.Increment(ref pages));
});
await app.RunAsync();

internal sealed record Rate(string Currency, int Reading);
