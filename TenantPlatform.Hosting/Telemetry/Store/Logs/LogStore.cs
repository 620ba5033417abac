namespace TenantPlatform.Hosting.Telemetry.Store.Logs;

/// <summary>The last structured logs of all resources. Safe for concurrent use.</summary>
internal sealed class LogStore(TelemetryLimits limits, TimeProvider time)
{
    private readonly Lock _lock = new();

    // Grows to the limit, then goes round in place.
    private readonly Queue<LogRecord> _logs = new();

    // Later than those of every run before: a page that stays open over a restart knows what it has by them.
    private long _lastId = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    private long _bytes;
    private long _evicted;

    /// <summary>How much there is, was refused, and made room.</summary>
    public StoreCounts Counts
    {
        get
        {
            lock (_lock)
                return new StoreCounts(_logs.Count, _bytes, Dropped: 0, _evicted);
        }
    }

    public void Add(IReadOnlyList<LogRecord> logs)
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        lock (_lock)
        {
            foreach (var log in logs)
            {
                log.Id = ++_lastId;
                if (log.Time == 0)
                    log.Time = now;
                _logs.Enqueue(log);
                _bytes += log.EstimateSize();
                while (_logs.Count > limits.MaxLogs || _bytes > limits.MaxLogBytes)
                {
                    _bytes -= _logs.Dequeue().EstimateSize();
                    _evicted++;
                }
            }
        }
    }

    /// <summary>The logs that match, newest first by their own time: resources send in batches, which arrive in any order.</summary>
    public LogPage Find(LogQuery query)
    {
        LogRecord[] all;
        lock (_lock)
            all = _logs.ToArray();
        var matching = all.Where(query.Matches).OrderByDescending(log => log.Time).ThenByDescending(log => log.Id).ToList();

        // A cursor that has been evicted was among the oldest: nothing follows it.
        var first = query.Before == long.MaxValue ? 0 : matching.FindIndex(log => log.Id == query.Before) is var at && at < 0 ? matching.Count : at + 1;
        return new LogPage(matching.Count, matching.GetRange(first, Math.Min(query.Limit, matching.Count - first)));
    }
}
