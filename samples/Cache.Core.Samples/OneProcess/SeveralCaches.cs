using Cache.Core.Samples.Stage;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class SeveralCaches : ISample
{
    public string Verb => "several-caches";

    public string Shows => "A further cache in the same process, with bounds, lifetimes and a prefix of its own.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder =>
        {
            builder.Services.AddTieredCache();
            builder.Services.AddKeyedTieredCache("pictures", options => options.L1Capacity = 10);
        });
        var pictures = pod.Keyed("pictures");
        for (var n = 0; n < 100; n++)
            await pictures.SetAsync($"picture-{n}", "…", cancellationToken: cancellationToken);
        await pod.Hybrid.SetAsync("EUR", 1.08m, cancellationToken: cancellationToken);
        await pictures.RemoveByTagAsync("*", cancellationToken);

        await output.WriteLineAsync($"pictures are in a cache of their own: {!ReferenceEquals(pictures, pod.Hybrid)}, of {((Tiered.TieredCache)pictures).L1Count} entries");
        await output.WriteLineAsync($"after all of them were removed: EUR is {(pod.Cache.TryPeekL1<decimal>("EUR", out _) ? "held" : "gone")}");
    }
}
