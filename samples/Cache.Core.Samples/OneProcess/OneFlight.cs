using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class OneFlight : ISample
{
    public string Verb => "one-flight";

    public string Shows => "A thousand callers of a missing key share one fetch; who gives up does not stop it.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var prices = new Prices { Holds = answers.Task };
        using var impatience = new CancellationTokenSource();

        var impatient = LookUpAsync(impatience.Token);
        var callers = Enumerable.Range(0, 1000).Select(_ => LookUpAsync(cancellationToken)).ToArray();
        await impatience.CancelAsync();
        try
        {
            await impatient;
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("The first caller has given up.");
        }

        answers.SetResult();
        var rates = (await Task.WhenAll(callers)).Select(lookup => lookup.Value!.Rate).Distinct();
        await output.WriteLineAsync($"{callers.Length} callers got {string.Join(", ", rates)}; the source was asked {prices.Asked} time.");

        Task<CacheLookup<Price>> LookUpAsync(CancellationToken stop) =>
            pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), stop).AsTask();
    }
}
