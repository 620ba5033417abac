using System.Diagnostics;
using Cache.Core.AspNetCore.Answering;

namespace Cache.Core.AspNetCore.Diagnostics;

/// <summary>What a request's span tells of the cache.</summary>
internal static class CacheTrace
{
    public static void Tag(CacheStatus status)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
            return;
        span.SetTag("cache.http.outcome", status.Outcome);
        if (status.Forwarded is not null)
            span.SetTag("cache.http.forwarded", status.Forwarded);
        if (status.Detail is not null)
            span.SetTag("cache.http.detail", status.Detail);
    }
}
