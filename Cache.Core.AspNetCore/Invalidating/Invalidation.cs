using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Invalidating;

/// <summary>What a change invalidates: its target, and what <c>Location</c> and <c>Content-Location</c> name of the same origin, when it succeeds.</summary>
internal static class Invalidation
{
    /// <summary>Whether a method changes nothing (RFC 9110, section 9.2.1, and the registry of methods). What is not known may change something.</summary>
    public static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
        || method is "PROPFIND" or "REPORT" or "SEARCH" or "QUERY";

    public static async Task OfAsync(HttpContext context, ResponseStore store, string? partition)
    {
        var response = context.Response;
        if (response.StatusCode is < 200 or >= 400)
            return;
        HashSet<string> keys = new(StringComparer.Ordinal);
        Add(CacheKey.Of(context.Request, partition));
        if (response.Headers.Location.Count == 1)
            Add(CacheKey.Sibling(context.Request, partition, response.Headers.Location.ToString()));
        if (response.Headers.ContentLocation.Count == 1)
            Add(CacheKey.Sibling(context.Request, partition, response.Headers.ContentLocation.ToString()));

        // Not for as long as the requester waits: what has been changed must not be served, whether or not it is still there.
        foreach (var key in keys)
            await store.InvalidateAsync(key, CancellationToken.None);

        void Add(string? key)
        {
            if (key is not null)
                keys.Add(key);
        }
    }
}
