using System.Diagnostics.Metrics;
using TenantPlatform.Observer.Respondents;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Reporting;

/// <summary>The meter <c>TenantPlatform.Observer</c>. Respondents are tags, tenants never.</summary>
internal sealed class ObserverMetrics : IDisposable
{
    public const string Name = "TenantPlatform.Observer";

    private static readonly InstrumentAdvice<double> Ages = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _sweeps;
    private readonly Counter<long> _feed;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _spared;
    private readonly Counter<long> _answers;
    private readonly Histogram<double> _age;
    private readonly Histogram<double> _atLeast;
    private readonly Histogram<double> _atMost;

    public ObserverMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _sweeps = _meter.CreateCounter<long>("observer.sweeps", "{sweep}", "Lists of tenants asked of the tenant-manager, by outcome.");
        _feed = _meter.CreateCounter<long>("observer.feed.asks", "{call}", "Questions to the change feed, by outcome: following, absent, failing.");
        _changes = _meter.CreateCounter<long>("observer.changes", "{change}", "Changes found at the tenant-manager: watched, skipped as not chosen, dropped or failed.");
        _spared = _meter.CreateCounter<long>("observer.spared", "{change}", "Changes that a respondent was not asked about, because it was asked about too many.");
        _answers = _meter.CreateCounter<long>("observer.answers", "{answer}", "What would have been answered on, by respondent and verdict.");
        _age = _meter.CreateHistogram("observer.stale.age", "s", "How long after a change was known a question was sent whose answer did not know of it.", tags: null, Ages);
        _atLeast = _meter.CreateHistogram("observer.stale.at_least", "s", "How long after a change was known a respondent was stale at least.", tags: null, Ages);
        _atMost = _meter.CreateHistogram("observer.stale.at_most", "s", "How long after a change was known a respondent was stale at most.", tags: null, Ages);
    }

    /// <summary>Shows what is stale right now.</summary>
    public void Show(IReadOnlyList<(RespondentKind Kind, StaleTimes Times)> kinds)
    {
        _meter.CreateObservableGauge(
            "observer.stale.now", () => kinds.Select(one => new Measurement<int>(one.Times.Now, Kind(one.Kind))), "{respondent}", "Respondents that were stale when last asked.");
        _meter.CreateObservableGauge(
            "observer.stale.oldest",
            () => kinds.Select(one => new Measurement<double>(one.Times.Oldest.TotalSeconds, Kind(one.Kind))),
            "s",
            "How long the oldest change has been known that some respondent does not know of.");
    }

    public void Swept(bool succeeded) => _sweeps.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "done" : "failed"));

    public void Fed(string outcome) => _feed.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Found(string fate, int count = 1) => _changes.Add(count, new KeyValuePair<string, object?>("fate", fate));

    public void Spared(Seat seat) => _spared.Add(1, Kind(seat.Kind), Respondent(seat));

    public void Answered(Seat seat, string verdict) => _answers.Add(1, Kind(seat.Kind), Respondent(seat), new KeyValuePair<string, object?>("verdict", verdict));

    public void Stale(Seat seat, string verdict, TimeSpan age) =>
        _age.Record(age.TotalSeconds, Kind(seat.Kind), Respondent(seat), new KeyValuePair<string, object?>("verdict", verdict));

    public void Ended(Seat seat, Staleness staleness)
    {
        var agreed = new KeyValuePair<string, object?>("agreed", staleness.AtMost is not null);
        _atLeast.Record(staleness.AtLeast.TotalSeconds, Kind(seat.Kind), Respondent(seat), agreed);
        if (staleness.AtMost is { } most)
            _atMost.Record(most.TotalSeconds, Kind(seat.Kind), Respondent(seat));
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Kind(RespondentKind kind) => new("kind", kind.Name());

    private static KeyValuePair<string, object?> Respondent(Seat seat) => new("respondent", seat.Name);
}
