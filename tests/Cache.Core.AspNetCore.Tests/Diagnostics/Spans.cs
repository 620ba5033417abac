using System.Collections.Concurrent;
using System.Diagnostics;

namespace Cache.Core.AspNetCore.Tests.Diagnostics;

/// <summary>The servers' spans of requests to one path.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    public Spans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Of the requests whose cache key has this hash, in their order: it is told by all that the cache has looked up.</summary>
    public IReadOnlyList<Activity> Keyed(string hash) => [.. _ended.Where(span => (span.GetTagItem("cache.http.key") as string) == hash)];

    public void Dispose() => _listener.Dispose();
}
