using System.Collections.Concurrent;
using TenantPlatform.Observer.Respondents;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Reporting;

/// <summary>When respondents of one kind were stale, and for how long. Safe for concurrent use.</summary>
internal sealed class StaleTimes(TimeProvider time)
{
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<(string Name, Change Change), byte> _now = new();
    private readonly ConcurrentQueue<Staleness> _ended = new();
    private long _answers;
    private long _stale;
    private long _times;
    private long _givenUp;

    /// <summary>How many respondents were stale when last asked.</summary>
    public int Now => _now.Keys.Select(stale => stale.Name).Distinct(StringComparer.Ordinal).Count();

    /// <summary>For how long the oldest change has been known that one of them does not know of.</summary>
    public TimeSpan Oldest => _now.Keys.Select(stale => time.GetElapsedTime(stale.Change.Known)).DefaultIfEmpty().Max();

    public void Answered(Verdict verdict)
    {
        // Who does not answer has not given an answer.
        if (verdict is Verdict.Away or Verdict.Untold)
            return;
        Interlocked.Increment(ref _answers);
        if (verdict.IsStale())
            Interlocked.Increment(ref _stale);
    }

    public void Began(Seat seat, Change change) => _now[(seat.Name, change)] = 0;

    public void Ended(Seat seat, Change change, Staleness staleness)
    {
        _ended.Enqueue(staleness);
        while (_ended.Count > MostKept)
            _ended.TryDequeue(out _);
        Interlocked.Increment(ref _times);
        if (staleness.AtMost is null)
            Interlocked.Increment(ref _givenUp);
        _now.TryRemove((seat.Name, change), out _);
    }

    public StaleSummary Summarize()
    {
        var ended = _ended.ToArray();
        return new StaleSummary(
            Interlocked.Read(ref _answers),
            Interlocked.Read(ref _stale),
            Interlocked.Read(ref _times),
            Interlocked.Read(ref _givenUp),
            Spread.Of(ended.Select(staleness => staleness.AtLeast.TotalSeconds)),
            Spread.Of(ended.Where(staleness => staleness.AtMost is not null).Select(staleness => staleness.AtMost!.Value.TotalSeconds)),
            Now,
            Oldest.TotalSeconds);
    }
}
