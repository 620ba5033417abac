using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Diagnostics;

/// <summary>The instruments of the meter <c>Cache.Core.AspNetCore</c>. Tags name outcomes and reasons, never addresses.</summary>
internal sealed class HttpCacheMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Cache.Core.AspNetCore";

    /// <summary>A reason why a response was not stored: its size, known before or grown on its way.</summary>
    public const string TooLarge = "too-large";

    private static readonly Meter Meter = new(MeterName);
    private readonly Counter<long> _requests = Meter.CreateCounter<long>("cache.http.requests", "{request}", "Requests by route and what the cache did: hit, stale, miss, bypass.");
    private readonly Counter<long> _bytes = Meter.CreateCounter<long>("cache.http.saved", "By", "Bytes of bodies served from the cache, by route.");
    private readonly Counter<long> _stored = Meter.CreateCounter<long>("cache.http.stored", "{response}", "Responses stored, by route.");
    private readonly Counter<long> _refused = Meter.CreateCounter<long>("cache.http.refused", "{response}", "Responses not stored, by reason and route.");
    private readonly Counter<long> _tooLarge = Meter.CreateCounter<long>("cache.http.oversized", "{response}", "Responses not stored because of their size.");
    private readonly Counter<long> _validated = Meter.CreateCounter<long>("cache.http.validated", "{response}", "Stored responses that the origin found unchanged.");
    private readonly Counter<long> _collapsed = Meter.CreateCounter<long>("cache.http.collapsed", "{request}", "Requests that followed another one's exchange with the origin.");
    private readonly Counter<long> _revalidations = Meter.CreateCounter<long>("cache.http.revalidations", "{exchange}", "Validations in the background.");
    private readonly Counter<long> _dropped = Meter.CreateCounter<long>("cache.http.revalidations.dropped", "{exchange}", "Validations in the background not made because the queue was full.");
    private readonly Counter<long> _failures = Meter.CreateCounter<long>("cache.http.origin.failures", "{exchange}", "Exchanges in which the origin gave no answer.");

    /// <summary>The process's one set of instruments.</summary>
    public static HttpCacheMetrics Shared { get; } = new();

    public void Answered(string outcome, Endpoint? endpoint) => _requests.Add(1, new KeyValuePair<string, object?>("cache.outcome", outcome), RouteTag(endpoint));

    public void Saved(long bytes, Endpoint? endpoint) => _bytes.Add(bytes, RouteTag(endpoint));

    public void Stored(Endpoint? endpoint) => _stored.Add(1, RouteTag(endpoint));

    public void NotStored(string reason, Endpoint? endpoint)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("cache.reason", reason), RouteTag(endpoint));
        if (reason == TooLarge)
            _tooLarge.Add(1);
    }

    public void Validated() => _validated.Add(1);

    public void Collapsed() => _collapsed.Add(1);

    public void Revalidating() => _revalidations.Add(1);

    public void RevalidationDropped() => _dropped.Add(1);

    public void OriginFailed() => _failures.Add(1);

    /// <summary>By the endpoint's name: there are few, whatever is asked for. A gateway's are those of its routes.</summary>
    private static KeyValuePair<string, object?> RouteTag(Endpoint? endpoint) => new("cache.route", endpoint?.DisplayName ?? string.Empty);
}
