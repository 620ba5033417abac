using System.Diagnostics.Metrics;

namespace Cache.Core.AspNetCore.Diagnostics;

/// <summary>The instruments of the meter <c>Cache.Core.AspNetCore</c>. Tags name outcomes and reasons, never addresses.</summary>
internal sealed class HttpCacheMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Cache.Core.AspNetCore";

    private static readonly Meter Meter = new(MeterName);
    private readonly Counter<long> _requests = Meter.CreateCounter<long>("cache.http.requests", "{request}", "Requests by what the cache did.");
    private readonly Counter<long> _bytes = Meter.CreateCounter<long>("cache.http.saved", "By", "Bytes of bodies served without the origin.");
    private readonly Counter<long> _stored = Meter.CreateCounter<long>("cache.http.stored", "{response}", "Responses stored.");
    private readonly Counter<long> _refused = Meter.CreateCounter<long>("cache.http.refused", "{response}", "Responses not stored, by reason.");
    private readonly Counter<long> _tooLarge = Meter.CreateCounter<long>("cache.http.oversized", "{response}", "Responses not stored because of their size.");
    private readonly Counter<long> _validated = Meter.CreateCounter<long>("cache.http.validated", "{response}", "Stored responses that the origin found unchanged.");
    private readonly Counter<long> _collapsed = Meter.CreateCounter<long>("cache.http.collapsed", "{request}", "Requests that followed another one's exchange with the origin.");
    private readonly Counter<long> _revalidations = Meter.CreateCounter<long>("cache.http.revalidations", "{exchange}", "Validations in the background.");
    private readonly Counter<long> _dropped = Meter.CreateCounter<long>("cache.http.revalidations.dropped", "{exchange}", "Validations in the background not made because the queue was full.");
    private readonly Counter<long> _failures = Meter.CreateCounter<long>("cache.http.origin.failures", "{exchange}", "Exchanges in which the origin gave no answer.");

    /// <summary>The process's one set of instruments.</summary>
    public static HttpCacheMetrics Shared { get; } = new();

    public void Answered(string outcome, string route) =>
        _requests.Add(1, new KeyValuePair<string, object?>("cache.outcome", outcome), new KeyValuePair<string, object?>("http.route", route));

    public void Saved(long bytes) => _bytes.Add(bytes);

    public void Stored() => _stored.Add(1);

    public void NotStored(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("cache.reason", reason));

    public void TooLarge() => _tooLarge.Add(1);

    public void Validated() => _validated.Add(1);

    public void Collapsed() => _collapsed.Add(1);

    public void Revalidating() => _revalidations.Add(1);

    public void RevalidationDropped() => _dropped.Add(1);

    public void OriginFailed() => _failures.Add(1);
}
