using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class TryGet : ISample
{
    public string Verb => "try-get";

    public string Shows => "Reading without creating.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var unknown = await pod.Cache.TryGetAsync<Price>("EUR", cancellationToken);
        await output.WriteLineAsync($"before: {(unknown is null ? "neither tier knows it" : "known")}");

        await pod.Cache.SetAsync("EUR", new Price("EUR", 1.08m), TimeSpan.FromHours(1), cancellationToken);
        if (await pod.Cache.TryGetAsync<Price>("EUR", cancellationToken) is { } known)
            await output.WriteLineAsync($"after: {known.Value!.Rate}, from {known.Source}");
    }
}
