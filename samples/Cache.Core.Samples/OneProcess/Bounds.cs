using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class Bounds : ISample
{
    public string Verb => "bounds";

    public string Shows => "L1 is bounded by entries and bytes; a scan does not push out what is in use; oversized values are not kept.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache(options =>
        {
            options.L1Capacity = 100;
            options.L1ByteCapacity = ByteSize.FromMegabytes(1);
        }));
        await PutAsync("hot", size: 1000);
        for (var n = 0; n < 3; n++)
            await pod.Cache.GetAsync<string>("hot", cancellationToken);

        for (var n = 0; n < 10_000; n++)
            await PutAsync($"scan-{n}", size: 1000);
        await output.WriteLineAsync($"after a scan over 10000 keys: at most 100 entries: {pod.Cache.L1Count <= 100}; hot is {Held("hot")}");

        await PutAsync("huge", size: 512 * 1024);
        await output.WriteLineAsync($"a value of half the bytes is {Held("huge")}");

        ValueTask<CacheLookup<string>> PutAsync(string key, long size) => pod.Cache.GetOrFetchAsync(
            key, size, static (size, _) => ValueTask.FromResult(FetchResult<string>.Found("…", options: new CacheEntryOptions { Size = size })), cancellationToken);

        string Held(string key) => pod.Cache.TryPeekL1<string>(key, out _) ? "held" : "not held";
    }
}
