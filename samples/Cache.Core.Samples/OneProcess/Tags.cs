using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class Tags : ISample
{
    public string Verb => "tags";

    public string Shows => "Removing many entries at once by a tag, without searching for them.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var prices = new Prices();
        await LookUpAllAsync();
        await pod.Hybrid.RemoveByTagAsync("europe", cancellationToken);
        await LookUpAllAsync();
        await pod.Hybrid.RemoveByTagAsync("*", cancellationToken);
        await LookUpAllAsync();

        async Task LookUpAllAsync()
        {
            var before = prices.Asked;
            await LookUpAsync("EUR", "europe");
            await LookUpAsync("SEK", "europe");
            await LookUpAsync("JPY", "asia");
            await output.WriteLineAsync($"3 look-ups, {prices.Asked - before} fetches");
        }

        ValueTask<Price> LookUpAsync(string currency, params string[] tags) => pod.Hybrid.GetOrCreateAsync(
            currency, (prices, currency), static (ask, stop) => ask.prices.GetAsync(ask.currency, stop), options: null, tags, cancellationToken);
    }
}
