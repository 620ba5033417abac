using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class StaleIfError : ISample
{
    public string Verb => "stale-if-error";

    public string Shows => "While the source fails the last value is served, with its age; but never one that was revoked.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache(options =>
        {
            options.L1TimeToLive = TimeSpan.FromMinutes(5);
            options.StaleIfError = TimeSpan.FromHours(1);
            options.Jitter = 0;
        }));
        var prices = new Prices();
        await LookUpAsync();

        prices.IsDown = true;
        pod.Clock.Pass(TimeSpan.FromMinutes(15));
        await LookUpAsync();

        await pod.Cache.InvalidateAsync("EUR", cancellationToken);
        await LookUpAsync();

        async Task LookUpAsync()
        {
            try
            {
                var lookup = await pod.Cache.GetOrFetchAsync(
                    "EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
                await output.WriteLineAsync($"{lookup.Value!.Rate} from {lookup.Source}{(lookup.IsStale ? $", stale for {lookup.Age.TotalMinutes:0} min" : string.Empty)}");
            }
            catch (HttpRequestException exception)
            {
                await output.WriteLineAsync($"after an invalidation: {exception.Message}");
            }
        }
    }
}
