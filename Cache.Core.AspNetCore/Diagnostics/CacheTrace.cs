using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Cache.Core.AspNetCore.Answering;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Diagnostics;

/// <summary>What a request's span tells of the cache. Keys, which hold addresses and tenants, are hashed.</summary>
internal static class CacheTrace
{
    /// <summary>Of the key's hash: enough to tell keys apart that are looked at together.</summary>
    private const int HashLength = 16;

    /// <param name="context">The request.</param>
    /// <param name="status">What was done for it.</param>
    /// <param name="key">The resource's key; null where it was not looked up.</param>
    /// <param name="response">What is served from the store, or stored of the answer; null without.</param>
    /// <param name="time">Tells how old that is.</param>
    public static void Tag(HttpContext context, CacheStatus status, string? key, StoredResponse? response, TimeProvider time)
    {
        if (SpanOf(context) is not { } span)
            return;
        span.SetTag("cache.http.outcome", status.Outcome);
        if (status.Forwarded is not null)
            span.SetTag("cache.http.forwarded", status.Forwarded);
        if (status.Refusal is not null)
            span.SetTag("cache.http.not_stored", status.Refusal);
        if (status.Detail is not null)
            span.SetTag("cache.http.detail", status.Detail);
        if (key is not null)
            span.SetTag("cache.http.key", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..HashLength]);
        if (response is null)
            return;
        var age = response.AgeAt(time.GetUtcNow());
        span.SetTag("cache.http.age", age.TotalSeconds);
        span.SetTag("cache.http.ttl", (response.Lifetime - age).TotalSeconds);
    }

    /// <summary>Whether anybody will read the request's span: the server makes one for its logs alone, too.</summary>
    public static bool IsWatched(HttpContext context) => SpanOf(context) is not null;

    private static Activity? SpanOf(HttpContext context) =>
        (context.Features.Get<IHttpActivityFeature>()?.Activity ?? Activity.Current) is { IsAllDataRequested: true } span && (span.Recorded || span.Source.HasListeners()) ? span : null;
}
