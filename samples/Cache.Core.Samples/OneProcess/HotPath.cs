using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class HotPath : ISample
{
    public string Verb => "hot-path";

    public string Shows => "Hits without building a key, and without allocating anything.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        await pod.Cache.SetAsync("rates:EUR", new Price("EUR", 1.08m), TimeSpan.FromHours(1), cancellationToken);
        Hit(pod, "EUR", 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var hits = Hit(pod, "EUR", 1000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        await output.WriteLineAsync($"{hits} hits, {allocated} bytes allocated");
    }

    private static int Hit(Pod pod, ReadOnlySpan<char> currency, int times)
    {
        var hits = 0;
        Span<char> key = stackalloc char[16];
        for (var n = 0; n < times; n++)
        {
            // A key laid out in a buffer: the text is built only by who has to go further.
            "rates:".CopyTo(key);
            currency.CopyTo(key["rates:".Length..]);
            if (pod.Cache.TryGetL1<Price>(key[..("rates:".Length + currency.Length)], out var lookup) && lookup.Value is not null)
                hits++;
        }

        // A grip on the entry saves even the hash. It ends with the entry: invalidated, replaced, evicted or stale.
        if (pod.Cache.TryHold<Price>("rates:EUR", out var held) && pod.Cache.TryHit(held))
            hits++;
        return hits;
    }
}
