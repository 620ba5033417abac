using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class Denied : ISample
{
    public string Verb => "denied";

    public string Shows => "A denial is an answer: it clears both tiers and outranks staleness, until a newer answer lifts it.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var answer = FetchResult<string>.Found("contract of acme", revision: 1);
        var isDown = false;
        await LookUpAsync("active");

        answer = FetchResult<string>.Denied("suspended", revision: 2);
        await pod.Cache.RefreshAsync("acme", (string?)null, AskAsync, cancellationToken);
        await LookUpAsync("suspended");

        isDown = true;
        pod.Clock.Pass(TimeSpan.FromMinutes(1));
        await LookUpAsync("the source is down");

        (isDown, answer) = (false, FetchResult<string>.Found("contract of acme", revision: 3));
        await pod.Cache.RefreshAsync("acme", (string?)null, AskAsync, cancellationToken);
        await LookUpAsync("reactivated");

        ValueTask<FetchResult<string>> AskAsync(string? state, CancellationToken stop) =>
            isDown ? throw new HttpRequestException("The source is down.") : ValueTask.FromResult(answer);

        async Task LookUpAsync(string when)
        {
            var lookup = await pod.Cache.GetOrFetchAsync("acme", (string?)null, AskAsync, cancellationToken);
            await output.WriteLineAsync($"{when}: {lookup.Outcome} {lookup.Value ?? lookup.Result.Status}");
        }
    }
}
