using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class Fence : ISample
{
    public string Verb => "fence";

    public string Shows => "An invalidation wins against a fetch that is running in another pod.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var prices = new Prices { Holds = answers.Task };

        var slow = LookUpAsync(one);
        await Wait.UntilAsync(() => prices.Asked == 1, cancellationToken);
        await output.WriteLineAsync("One pod asks; the source has read 1.08 and is slow to answer.");

        (prices.Rate, prices.Holds) = (1.09m, Task.CompletedTask);
        await other.Cache.InvalidateAsync("EUR", cancellationToken);
        await output.WriteLineAsync("The rate changes to 1.09, and the other pod invalidates.");

        answers.SetResult();
        await output.WriteLineAsync($"The slow fetch is overtaken and made again: its caller gets {(await slow).Value!.Rate}.");
        await output.WriteLineAsync($"The other pod gets {(await LookUpAsync(other)).Value!.Rate}. The source was asked {prices.Asked} times.");

        Task<CacheLookup<Price>> LookUpAsync(Pod pod) =>
            pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken).AsTask();

        Task<Pod> StartAsync() => Pod.StartAsync(builder => builder.Services.AddValkey(builder.Configuration).AddTieredCache(), valkey);
    }
}
