using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class TagsInEveryPod : ISample
{
    public string Verb => "tags-in-every-pod";

    public string Shows => "Removing a tag in one pod removes what carries it from all of them.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var prices = new Prices();
        await LookUpAsync(one);
        await LookUpAsync(other);

        prices.Rate = 1.09m;
        await one.Hybrid.RemoveByTagAsync("rates", cancellationToken);
        await LookUpAsync(one);
        await Wait.UntilAsync(async () => await RateAsync(other) == 1.09m, cancellationToken);
        await LookUpAsync(other);
        await output.WriteLineAsync($"The source was asked {prices.Asked} times.");

        async Task LookUpAsync(Pod pod) => await output.WriteLineAsync($"{(pod == one ? "one" : "other")}: {await RateAsync(pod)}");

        async ValueTask<decimal> RateAsync(Pod pod) => (await pod.Hybrid.GetOrCreateAsync(
            "EUR", prices, static (prices, stop) => prices.GetAsync("EUR", stop), options: null, ["rates"], cancellationToken)).Rate;

        Task<Pod> StartAsync() => Pod.StartAsync(builder => builder.Services.AddValkey(builder.Configuration).AddTieredCache(), valkey);
    }
}
