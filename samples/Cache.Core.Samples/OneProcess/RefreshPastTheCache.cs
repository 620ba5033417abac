using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class RefreshPastTheCache : ISample
{
    public string Verb => "refresh";

    public string Shows => "Asking the source past both tiers, and leaving out single steps.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var prices = new Prices();
        await LookUpAsync("first");
        prices.Rate = 1.09m;
        await LookUpAsync("cached");

        var refreshed = await pod.Cache.RefreshAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
        await output.WriteLineAsync($"refreshed: {refreshed.Value!.Rate}, from {refreshed.Source}");
        await LookUpAsync("cached");

        prices.Rate = 1.10m;
        await LookUpAsync("reading nothing", new CacheEntryOptions { Skip = CacheSteps.ReadL1 | CacheSteps.ReadL2 });

        async Task LookUpAsync(string what, CacheEntryOptions? options = null)
        {
            var lookup = await pod.Cache.GetOrFetchAsync(
                "EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), options, cancellationToken);
            await output.WriteLineAsync($"{what}: {lookup.Value!.Rate}, from {lookup.Source}");
        }
    }
}
