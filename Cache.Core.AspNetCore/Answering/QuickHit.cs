using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Freshness;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Answering;

/// <summary>
/// The answer that is asked for most, by the shortest way: a fresh 200 in L1, whole and in one piece, to a GET without conditions or ranges.
/// Anything else is <see cref="StoredAnswer"/>'s, which answers these the same.
/// </summary>
internal sealed class QuickHit(HttpCacheOptions options, ResponseStore store, HttpCacheMetrics metrics, TimeProvider time)
{
    /// <summary>Finds it by a key that need not be a text yet. Waits for nothing and allocates nothing.</summary>
    public bool TryFind(HttpRequest request, ReadOnlySpan<char> key, in RequestDirectives directives, HttpCachePolicy policy, [NotNullWhen(true)] out StoredResponse? stored, out ReadOnlyMemory<byte> body)
    {
        (stored, body) = (null, default);
        if (policy.KeyHeaders.Count > 0 || !HttpMethods.IsGet(request.Method) || IsSpecial(request.Headers))
            return false;
        if (store.FindInL1(key)?.Response is not { Status: StatusCodes.Status200OK, Body: { IsComplete: true, CompleteLength: > 0 and var length, Parts: [{ Offset: 0, Lengths.Length: 1 } part] } } found)
            return false;
        if (ReuseRule.Of(found, directives, time.GetUtcNow()) != Reuse.Fresh || store.FindPieceInL1(part.Keys[0]) is not { } piece || piece.Length < length)
            return false;
        (stored, body) = (found, piece.AsMemory(0, (int)length));
        return true;
    }

    /// <summary>Sends it.</summary>
    public Task SendAsync(HttpContext context, StoredResponse stored, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        var headers = response.Headers;
        response.StatusCode = StatusCodes.Status200OK;
        foreach (var field in stored.Fields)
            headers[field.Name] = field.Values;
        var age = stored.AgeAt(time.GetUtcNow());
        headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        CacheStatus.WriteHit(headers, options, stored.Lifetime - age);
        response.ContentLength = body.Length;
        metrics.Saved(body.Length, context.GetEndpoint());

        // A requester that goes away ends the write by itself; a token for that would have to be made.
        var sent = response.BodyWriter.WriteAsync(body, CancellationToken.None);
        return sent.IsCompletedSuccessfully ? Completed(sent.Result) : sent.AsTask();
    }

    private static Task Completed(System.IO.Pipelines.FlushResult _) => Task.CompletedTask;

    private static bool IsSpecial(IHeaderDictionary request) => request.Range.Count > 0 || request.IfNoneMatch.Count > 0 || request.IfModifiedSince.Count > 0;
}
