using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class WriteAndInvalidate : ISample
{
    public string Verb => "write-and-invalidate";

    public string Shows => "Writing through both tiers, and removing from both.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var cache = pod.Cache;

        await cache.SetAsync("EUR", new Price("EUR", 1.10m), TimeSpan.FromHours(1), cancellationToken);
        await output.WriteLineAsync($"after SetAsync: {(await cache.GetAsync<Price>("EUR", cancellationToken)).Value?.Rate}");

        await cache.InvalidateAsync("EUR", cancellationToken);
        await output.WriteLineAsync($"after InvalidateAsync: {((await cache.GetAsync<Price>("EUR", cancellationToken)).IsHit ? "a hit" : "a miss")}");
    }
}
