using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class TwoTiers : ISample
{
    public string Verb => "two-tiers";

    public string Shows => "What one pod fetched serves the others, and itself after a restart.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        var prices = new Prices();
        foreach (var name in (string[])["one", "other", "restarted"])
        {
            await using var pod = await Pod.StartAsync(builder =>
            {
                builder.Services.AddValkey(builder.Configuration);
                builder.Services.AddTieredCache(options => options.KeyPrefix = "prices:");
            }, valkey);
            var lookup = await pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
            await output.WriteLineAsync($"{name}: {lookup.Value!.Rate}, from {lookup.Source}");
        }
    }
}
