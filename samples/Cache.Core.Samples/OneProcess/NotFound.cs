using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class NotFound : ISample
{
    public string Verb => "not-found";

    public string Shows => "What the source does not know is remembered briefly, in a bound of its own.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache(options =>
        {
            options.NegativeLifetime = TimeSpan.FromSeconds(5);
            options.NegativeCapacity = 100;
        }));
        var asked = 0;
        await LookUpAsync();
        await LookUpAsync();
        pod.Clock.Pass(TimeSpan.FromSeconds(6));
        await LookUpAsync();

        async Task LookUpAsync()
        {
            var lookup = await pod.Cache.GetOrFetchAsync("XXX", (string?)null, (_, _) =>
            {
                asked++;
                return ValueTask.FromResult(FetchResult<Price>.NotFound());
            }, cancellationToken);
            await output.WriteLineAsync($"{lookup.Outcome} from {lookup.Source}; asked {asked}");
        }
    }
}
