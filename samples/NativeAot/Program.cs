using System.Text.Json;
using Cache.Core;
using Microsoft.Extensions.Caching.Hybrid;
using NativeAot;

// Compiled ahead of time, nothing is known of a type but what its context says: the cache is given it as the answers are.
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = RateContext.Default };

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(http => http.SerializerOptions.TypeInfoResolverChain.Insert(0, RateContext.Default));
builder.Services.AddTieredCache(builder.Configuration, json: json);

var app = builder.Build();
var readings = 0;
app.MapGet("/rates/{currency}", (string currency, HybridCache cache, CancellationToken stop) =>
    cache.GetOrCreateAsync($"rate:{currency}", _ => ValueTask.FromResult(new Rate(currency, 1.08m, Interlocked.Increment(ref readings))), tags: ["rates"], cancellationToken: stop));
app.MapDelete("/rates", (HybridCache cache, CancellationToken stop) => cache.RemoveByTagAsync("rates", stop));
await app.RunAsync();
