using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class OneFetch : ISample
{
    public string Verb => "one-fetch";

    public string Shows => "One missing key, two pods, two hundred callers: one fetch.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var prices = new Prices { Holds = Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken) };

        var callers = Enumerable.Range(0, 200).Select(n => Task.Run(async () =>
            await (n % 2 == 0 ? one : other).Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken)));
        var answers = await Task.WhenAll(callers);
        await output.WriteLineAsync($"{answers.Length} callers in two pods were answered; the source was asked {prices.Asked} time.");

        Task<Pod> StartAsync() => Pod.StartAsync(builder =>
        {
            builder.Services.AddValkey(builder.Configuration);
            builder.Services.AddTieredCache(options => options.LeaseLifetime = TimeSpan.FromSeconds(20));
        }, valkey);
    }
}
