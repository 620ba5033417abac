using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class WriteWithOptions : ISample
{
    public string Verb => "write-with-options";

    public string Shows => "Writing with lifetimes and tags of one's own, and looking up with tags.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var prices = new Prices();
        var european = new CacheEntryOptions { L1TimeToLive = TimeSpan.FromMinutes(1), Tags = ["europe"] };

        await pod.Cache.SetAsync("EUR", new Price("EUR", 1.10m), european, cancellationToken);
        await pod.Cache.GetOrFetchAsync("SEK", prices, static (prices, stop) => prices.FetchAsync("SEK", stop), european, cancellationToken);
        await PrintAsync("before");

        await pod.Cache.RemoveByTagAsync("europe", cancellationToken);
        await PrintAsync("after RemoveByTagAsync");

        async Task PrintAsync(string when) =>
            await output.WriteLineAsync($"{when}: EUR {await HeldAsync("EUR")}, SEK {await HeldAsync("SEK")}");

        async Task<string> HeldAsync(string key) => (await pod.Cache.GetAsync<Price>(key, cancellationToken)).IsHit ? "held" : "gone";
    }
}
