using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class StaleWhileRevalidate : ISample
{
    public string Verb => "stale-while-revalidate";

    public string Shows => "Past the soft expiration the old value comes at once, and one refresh runs in the background.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache(options =>
        {
            options.SoftExpiration = TimeSpan.FromMinutes(1);
            options.L1TimeToLive = TimeSpan.FromMinutes(5);
            options.Jitter = 0;
        }));
        var prices = new Prices();
        await LookUpAsync();

        pod.Clock.Pass(TimeSpan.FromMinutes(2));
        prices.Rate = 1.09m;
        await LookUpAsync();
        await Wait.UntilAsync(() => pod.Cache.TryPeekL1<Price>("EUR", out _), cancellationToken);
        await LookUpAsync();

        async Task LookUpAsync()
        {
            var lookup = await pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
            var freshness = lookup.IsStale ? $"stale for {lookup.Age.TotalMinutes:0} min" : "fresh";
            await output.WriteLineAsync($"{lookup.Value!.Rate} from {lookup.Source}, {freshness}");
        }
    }
}
