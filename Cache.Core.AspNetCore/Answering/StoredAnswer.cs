using System.Globalization;
using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Ranges;
using Cache.Core.AspNetCore.Store;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Answering;

/// <summary>Answers of what is stored: whole, a range of it, or that the requester has it already.</summary>
internal sealed class StoredAnswer(HttpCacheOptions options, ResponseStore store, HttpCacheMetrics metrics, TimeProvider time)
{
    /// <summary>Bodies up to this are looked up whole before the head is sent, so that a piece that is gone is a miss and no broken answer.</summary>
    private const long LookedUpAhead = 1024 * 1024;

    /// <summary>Fields that a 304 carries, beside validators (RFC 9110, section 15.4.5).</summary>
    private static readonly HashSet<string> InNotModified = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cache-Control", "CDN-Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary", "Last-Modified",
    };

    /// <summary>Whether what is stored can answer the request: all of it, or the range that is asked for.</summary>
    public static bool Covers(StoredResponse stored, IHeaderDictionary request, bool isHead)
    {
        if (stored.Body.IsComplete || isHead && !stored.Has(ReuseRules.Partial))
            return true;
        return ByteRange.Parse(request.Range) is { } range
            && stored.Body.CompleteLength is { } length
            && range.Within(length) is { } within
            && Preconditions.TakesRangeOf(request, stored)
            && stored.Body.Covers(within.From, within.Until);
    }

    /// <summary>Answers; false when a part of the body is gone, and nothing was sent.</summary>
    public async ValueTask<bool> TrySendAsync(HttpContext context, StoredResponse stored, CacheStatus status)
    {
        var request = context.Request;
        var isHead = HttpMethods.IsHead(request.Method);
        if (Preconditions.IsNotModified(request.Headers, stored))
        {
            WriteHead(context.Response, stored, status, StatusCodes.Status304NotModified);
            return true;
        }

        var complete = stored.Body.CompleteLength;
        var (from, until) = (0L, complete ?? 0);
        var code = stored.Status;
        if (!isHead && stored.Status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent
            && complete is { } length && ByteRange.Parse(request.Headers.Range) is { } range && Preconditions.TakesRangeOf(request.Headers, stored))
        {
            if (range.Within(length) is not { } within)
            {
                WriteHead(context.Response, stored, status, StatusCodes.Status416RangeNotSatisfiable);
                context.Response.Headers.ContentRange = $"bytes */{length}";
                context.Response.ContentLength = 0;
                return true;
            }

            (from, until) = within;
            code = StatusCodes.Status206PartialContent;
        }

        using var body = new StoredBodyReader(store, stored.Body, from, until);
        if (!isHead && !await body.LookUpAsync(LookedUpAhead, context.RequestAborted))
            return false;
        WriteHead(context.Response, stored, status, code);
        if (code == StatusCodes.Status206PartialContent)
            context.Response.Headers.ContentRange = ContentRange.Format(from, until, complete);
        if (code is not StatusCodes.Status204NoContent and not StatusCodes.Status304NotModified && complete is not null)
            context.Response.ContentLength = until - from;
        if (isHead || until == from)
            return true;
        metrics.Saved(until - from, context.GetEndpoint());
        await body.SendAsync(context);
        return true;
    }

    private void WriteHead(HttpResponse response, StoredResponse stored, CacheStatus status, int code)
    {
        response.StatusCode = code;
        var headers = response.Headers;
        foreach (var field in stored.Fields)
        {
            if (code != StatusCodes.Status304NotModified || InNotModified.Contains(field.Name))
                headers[field.Name] = field.Values;
        }

        var now = time.GetUtcNow();
        var age = stored.AgeAt(now);
        headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        (status with { TimeToLive = stored.Lifetime - age }).Write(headers, options);
    }
}
