using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class SoftTimeout : ISample
{
    public string Verb => "soft-timeout";

    public string Shows => "With an old value at hand nobody waits long for a slow source; its answer is kept all the same.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache(options =>
        {
            options.FetchSoftTimeout = TimeSpan.FromMilliseconds(50);
            options.FetchTimeout = TimeSpan.FromSeconds(30);
        }));
        var prices = new Prices();
        await LookUpAsync("at first");

        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (prices.Rate, prices.Holds) = (1.09m, answers.Task);
        pod.Clock.Pass(TimeSpan.FromMinutes(6));
        await LookUpAsync("while the source is slow");

        answers.SetResult();
        await Wait.UntilAsync(() => pod.Cache.TryPeekL1<Price>("EUR", out _), cancellationToken);
        await LookUpAsync("when it has answered");

        async Task LookUpAsync(string when)
        {
            var lookup = await pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
            await output.WriteLineAsync($"{when}: {lookup.Value!.Rate}, {(lookup.IsStale ? "stale" : "fresh")}");
        }
    }
}
