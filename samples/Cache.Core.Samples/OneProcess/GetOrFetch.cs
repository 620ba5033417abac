using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class GetOrFetch : ISample
{
    public string Verb => "get-or-fetch";

    public string Shows => "A look-up through the tiers, and where the answer came from.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache(options => options.KeyPrefix = "prices:"));
        var prices = new Prices();
        for (var n = 0; n < 2; n++)
        {
            // The state goes through a parameter, so the fetch is static and a hit allocates nothing.
            var lookup = await pod.Cache.GetOrFetchAsync(
                "EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
            await output.WriteLineAsync($"{lookup.Outcome}: {lookup.Value!.Rate}, from {lookup.Source}");
        }

        await output.WriteLineAsync($"The source was asked {prices.Asked} time.");
    }
}
