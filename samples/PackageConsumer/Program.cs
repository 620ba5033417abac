using Cache.Core;
using Microsoft.Extensions.Caching.Hybrid;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration.GetConnectionString("valkey") is null)
    builder.Services.AddTieredCache(builder.Configuration);
else
    builder.AddTieredCache("valkey");

var app = builder.Build();
var readings = 0;
app.MapGet("/rates/{currency}", (string currency, HybridCache cache, CancellationToken stop) =>
    cache.GetOrCreateAsync($"rate:{currency}", _ => ValueTask.FromResult(new Rate(currency, Interlocked.Increment(ref readings))), cancellationToken: stop));
await app.RunAsync();

internal sealed record Rate(string Currency, int Reading);
