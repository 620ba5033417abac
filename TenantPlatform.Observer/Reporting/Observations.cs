using System.Collections.Concurrent;
using TenantPlatform.Observer.Respondents;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Reporting;

/// <summary>What has been observed since the start, as metrics and as a summary. Safe for concurrent use.</summary>
internal sealed class Observations
{
    private readonly ObserverMetrics _metrics;
    private readonly DateTimeOffset _since;
    private readonly StaleTimes _pods;
    private readonly StaleTimes? _valkey;
    private readonly ConcurrentDictionary<string, long> _changes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _spared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Name, Verdict Verdict), long> _answers = new();
    private long _sweeps;
    private volatile FeedState _feed;

    public Observations(ObserverMetrics metrics, Seats seats, TimeProvider time)
    {
        (_metrics, _since) = (metrics, time.GetUtcNow());
        _pods = new StaleTimes(time);
        _valkey = seats.Any(seat => seat.Kind == RespondentKind.Valkey) ? new StaleTimes(time) : null;
        metrics.Show(_valkey is null ? [(RespondentKind.Pod, _pods)] : [(RespondentKind.Pod, _pods), (RespondentKind.Valkey, _valkey)]);
    }

    public void Swept(bool succeeded)
    {
        if (succeeded)
            Interlocked.Increment(ref _sweeps);
        _metrics.Swept(succeeded);
    }

    public void Fed(FeedState state)
    {
        _feed = state;
        _metrics.Fed(NameOf(state));
    }

    public void Watched() => Found("watched", 1);

    public void Skipped(int count) => Found("skipped", count);

    /// <summary>Nobody is asked about a change: everybody is asked about too many.</summary>
    public void Dropped() => Found("dropped", 1);

    /// <summary>What a change was could not be asked of the tenant-manager.</summary>
    public void Failed() => Found("failed", 1);

    /// <summary>A respondent is not asked about a change: it is asked about too many.</summary>
    public void Spared(Seat seat)
    {
        if (!seat.IsGone)
            _spared.AddOrUpdate(seat.Name, 1, static (_, count) => count + 1);
        _metrics.Spared(seat);
    }

    /// <summary>A respondent has answered, or has not.</summary>
    /// <param name="seat">The respondent.</param>
    /// <param name="verdict">What the answer is worth.</param>
    /// <param name="asked">How long after the change was known the question was sent.</param>
    public void Answered(Seat seat, Verdict verdict, TimeSpan asked)
    {
        if (!seat.IsGone)
            _answers.AddOrUpdate((seat.Name, verdict), 1, static (_, count) => count + 1);
        Of(seat).Answered(verdict);
        _metrics.Answered(seat, verdict.Name());
        if (verdict.IsStale())
            _metrics.Stale(seat, verdict.Name(), asked);
    }

    /// <summary>A respondent is not asked any more: what it has answered is no longer told, or names would gather for as long as pods come and go.</summary>
    public void Forget(Seat seat)
    {
        _spared.TryRemove(seat.Name, out _);
        foreach (var answer in _answers.Keys.Where(answer => answer.Name == seat.Name))
            _answers.TryRemove(answer, out _);
    }

    public void IsStale(Seat seat, Change change) => Of(seat).Began(seat, change);

    /// <summary>A respondent that was stale for a change is not any more, or is not watched any more.</summary>
    public void Ended(Seat seat, Change change, Staleness staleness)
    {
        Of(seat).Ended(seat, change, staleness);
        _metrics.Ended(seat, staleness);
    }

    public ObservationSummary Summarize() => new(
        _since,
        NameOf(_feed),
        Interlocked.Read(ref _sweeps),
        _valkey is null ? "not configured" : "asked",
        new Dictionary<string, long>(_changes, StringComparer.Ordinal),
        new Dictionary<string, long>(_spared, StringComparer.Ordinal),
        _answers.GroupBy(answer => answer.Key.Name, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => group.ToDictionary(answer => answer.Key.Verdict.Name(), answer => answer.Value, StringComparer.Ordinal), StringComparer.Ordinal),
        new StaleByKind(_pods.Summarize(), _valkey?.Summarize()));

    private static string NameOf(FeedState state) => state switch
    {
        FeedState.Following => "following",
        FeedState.Absent => "absent",
        FeedState.Failing => "failing",
        _ => "unknown",
    };

    private StaleTimes Of(Seat seat) => seat.Kind == RespondentKind.Valkey ? _valkey! : _pods;

    private void Found(string fate, int count)
    {
        if (count == 0)
            return;
        _changes.AddOrUpdate(fate, static (_, more) => more, static (_, sum, more) => sum + more, (long)count);
        _metrics.Found(fate, count);
    }
}
