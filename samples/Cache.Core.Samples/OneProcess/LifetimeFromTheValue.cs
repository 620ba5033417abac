using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class LifetimeFromTheValue : ISample
{
    private static readonly CacheEntryOptions Shortly =
        new() { L1TimeToLive = TimeSpan.FromSeconds(10), L2TimeToLive = TimeSpan.FromSeconds(10), Jitter = 0 };

    public string Verb => "lifetime-from-the-value";

    public string Shows => "The fetched value decides how long it is kept.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var prices = new Prices();
        for (var n = 0; n < 3; n++)
        {
            await LookUpAsync("EUR");
            await LookUpAsync("TRY");
            pod.Clock.Pass(TimeSpan.FromSeconds(8));
        }

        async Task LookUpAsync(string currency)
        {
            var lookup = await pod.Cache.GetOrFetchAsync(currency, (prices, currency), static async (ask, stop) =>
            {
                var price = await ask.prices.GetAsync(ask.currency, stop);
                return FetchResult<Price>.Found(price, options: price.Currency == "TRY" ? Shortly : null);
            }, cancellationToken);
            await output.WriteLineAsync($"{currency} from {lookup.Source}");
        }
    }
}
