using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class DecidedByTheFetch : ISample
{
    public string Verb => "decided-by-the-fetch";

    public string Shows => "The fetched value decides its tags, or that it is not cached; removal of what carries all of several tags.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        await LookUpAllAsync("at first");
        await LookUpAllAsync("again");

        await pod.Cache.RemoveByTagsAsync(["europe", "volatile"], cancellationToken);
        await LookUpAllAsync("after the removal of what is volatile in europe");

        async Task LookUpAllAsync(string when)
        {
            var sources = new List<string>();
            foreach (var currency in new[] { "EUR", "TRY", "JPY", "BTC" })
            {
                var lookup = await pod.Cache.GetOrFetchAsync(currency, currency, static (currency, _) => ValueTask.FromResult(Classify(currency)), cancellationToken);
                sources.Add($"{currency} from {lookup.Source}");
            }

            await output.WriteLineAsync($"{when}: {string.Join(", ", sources)}");
        }
    }

    private static FetchResult<Price> Classify(string currency) => currency switch
    {
        "EUR" => FetchResult<Price>.Found(new Price(currency, 1.08m), options: new() { Tags = ["europe"] }),
        "TRY" => FetchResult<Price>.Found(new Price(currency, 35m), options: new() { Tags = ["europe", "volatile"] }),
        "JPY" => FetchResult<Price>.Found(new Price(currency, 161m), options: new() { Tags = ["asia", "volatile"] }),
        _ => FetchResult<Price>.Uncached(new Price(currency, 0.00001m)),
    };
}
