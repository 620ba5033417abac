using Cache.Core.Samples.Stage;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class GetOrCreate : ISample
{
    public string Verb => "hybrid-cache";

    public string Shows => "The standard HybridCache over the same tiers.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        HybridCache cache = pod.Hybrid;
        var prices = new Prices();
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromHours(1), LocalCacheExpiration = TimeSpan.FromMinutes(1) };
        for (var n = 0; n < 3; n++)
        {
            var price = await cache.GetOrCreateAsync(
                "EUR", prices, static (prices, stop) => prices.GetAsync("EUR", stop), options, ["rates"], cancellationToken);
            await output.WriteLineAsync($"{price.Rate}; the source was asked {prices.Asked} time(s)");
            if (n == 1)
                await cache.RemoveAsync("EUR", cancellationToken);
        }
    }
}
