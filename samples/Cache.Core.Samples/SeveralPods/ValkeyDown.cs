using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class ValkeyDown : ISample
{
    public string Verb => "valkey-down";

    public string Shows => "Valkey is killed, then the source too, and no caller sees an error.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddValkey(builder.Configuration).AddTieredCache(), valkey);
        var prices = new Prices();
        await output.WriteLineAsync($"all is well: {(await LookUpAsync()).Value!.Rate}");

        // L1 knows within its lease (2 s) that it is told of no more changes; then the source is asked.
        await valkey.KillAsync(cancellationToken);
        prices.Rate = 1.09m;
        await Wait.UntilAsync(async () => (await LookUpAsync()).Value!.Rate == 1.09m, cancellationToken);
        await output.WriteLineAsync("Valkey is gone: 1.09, from the source");

        prices.IsDown = true;
        await Wait.UntilAsync(async () => (await LookUpAsync()).IsStale, cancellationToken);
        await output.WriteLineAsync($"the source is gone too: {(await LookUpAsync()).Value!.Rate}, stale");

        (prices.IsDown, prices.Rate) = (false, 1.10m);
        await valkey.StartAsync(cancellationToken);
        await Wait.UntilAsync(async () => (await LookUpAsync()) is { IsStale: false, Value.Rate: 1.10m }, cancellationToken);
        await output.WriteLineAsync("both are back: 1.10");

        ValueTask<CacheLookup<Price>> LookUpAsync() =>
            pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
    }
}
