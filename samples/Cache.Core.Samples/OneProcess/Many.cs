using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class Many : ISample
{
    private static readonly Dictionary<string, decimal> Rates = new(StringComparer.Ordinal) { ["EUR"] = 1.08m, ["NOK"] = 0.09m, ["SEK"] = 0.10m };

    public string Verb => "many";

    public string Shows => "Many keys in one call: one read of the second tier, one call of the source for what is missing, and a failure that is one key's.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        await LookUpAsync("EUR", "SEK");
        await LookUpAsync("NOK", "SEK", "XXX", "TRY");

        async Task LookUpAsync(params string[] currencies)
        {
            var lookups = await pod.Cache.GetOrFetchManyAsync<TextWriter, Price>(
                currencies, output, static (output, missing, stop) => FetchAsync(output, missing, stop), cancellationToken: cancellationToken);
            foreach (var lookup in lookups)
                await output.WriteLineAsync($"{lookup.Key}: {(lookup.IsFailed ? lookup.Failure.Message : $"{lookup.Lookup.Outcome} {lookup.Lookup.Value?.Rate} from {lookup.Lookup.Source}")}");
        }
    }

    private static async ValueTask FetchAsync(TextWriter output, ManyFetch<Price> missing, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"the source is asked for {string.Join(", ", missing.Keys)}".AsMemory(), cancellationToken);
        foreach (var currency in missing.Keys)
        {
            // What is not answered, the source does not know.
            if (currency == "TRY")
                missing.Fail(currency, new InvalidDataException("The rate is out of range."));
            else if (Rates.TryGetValue(currency, out var rate))
                missing.Found(currency, new Price(currency, rate));
        }
    }
}
