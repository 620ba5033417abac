using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace TenantPlatform.Drills.Evidence;

/// <summary>Asks one pod again and again, and keeps what came of it. What the answers are based on, pods tell in Development.</summary>
internal sealed class PodProbe(string pod, Uri request, ProbeTenant tenant, long revision, HttpClient http, DrillEvidenceOptions options)
{
    private const string RevisionHeader = "X-Tenant-Revision";
    private const string SourceHeader = "X-Cache-Source";
    private readonly List<PodAnswer> _answers = [];

    /// <summary>Asks until cancelled, and keeps what came of it.</summary>
    /// <param name="begun">The timestamp at which the watch began.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(long begun, CancellationToken cancellationToken)
    {
        // Each request is a trace of its own, none of whoever asked for the drill.
        Activity.Current = null;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                _answers.Add(await AskAsync(begun, cancellationToken));
                await Task.Delay(options.Interval, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The watch ends; the request under way is not counted.
        }
    }

    /// <summary>Counts; call it when <see cref="RunAsync"/> has ended.</summary>
    public PodTally Tally(TimeSpan end) => PodTally.Of(pod, _answers, end);

    /// <summary>Asks once.</summary>
    public async Task<PodAnswer> AskAsync(long begun, CancellationToken cancellationToken)
    {
        var sent = TimeProvider.System.GetElapsedTime(begun);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Limit);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, request);
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tenant.Token);
            using var response = await http.SendAsync(message, limit.Token);
            return response.IsSuccessStatusCode
                ? new PodAnswer(sent, TimeProvider.System.GetElapsedTime(begun), Failure: null, IsStale(response))
                : new PodAnswer(sent, TimeProvider.System.GetElapsedTime(begun), ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException exception)
        {
            return new PodAnswer(sent, TimeProvider.System.GetElapsedTime(begun), exception.HttpRequestError == HttpRequestError.ConnectionError ? "refused" : "broken off");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PodAnswer(sent, TimeProvider.System.GetElapsedTime(begun), string.Create(CultureInfo.InvariantCulture, $"no answer in {options.Limit.TotalSeconds:0.#} s"));
        }
    }

    private bool IsStale(HttpResponseMessage response) =>
        Header(response, SourceHeader).EndsWith("-stale", StringComparison.Ordinal)
        || (long.TryParse(Header(response, RevisionHeader), CultureInfo.InvariantCulture, out var answered) && answered < revision);

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : string.Empty;
}
