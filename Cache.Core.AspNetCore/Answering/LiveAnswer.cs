using Cache.Core.AspNetCore.Forwarding;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Answering;

/// <summary>Passes an origin's answer on while it comes.</summary>
internal static class LiveAnswer
{
    public static async Task SendAsync(HttpContext context, ExchangeOutcome outcome, BodyReader reader, CacheStatus status, HttpCacheOptions options)
    {
        var live = outcome.Live!;
        var response = context.Response;
        response.StatusCode = live.StatusCode;
        if (live.ReasonPhrase is not null && context.Features.Get<IHttpResponseFeature>() is { } feature)
            feature.ReasonPhrase = live.ReasonPhrase;
        foreach (var field in live.Headers)
            response.Headers[field.Key] = field.Value;
        status.Write(response.Headers, options);
        if (outcome.Head is { } head && Preconditions.IsNotModified(context.Request.Headers, head))
        {
            // Its conditions were not sent to the origin, so that there is something to store.
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentLength = null;
            response.Headers.Remove("Transfer-Encoding");
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method) || live.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;
        await CopyAsync(context, live, reader);
    }

    private static async Task CopyAsync(HttpContext context, OriginResponse live, BodyReader reader)
    {
        try
        {
            await reader.CopyToAsync(context.Response.Body, context.RequestAborted);
            if (context.Response.SupportsTrailers())
            {
                foreach (var trailer in live.Trailers)
                    context.Response.AppendTrailer(trailer.Key, trailer.Value);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The requester has gone.
        }
        catch (Exception exception) when (context.Response.HasStarted || exception is not OperationCanceledException)
        {
            // Part of it may be out: that it broke off is told by the connection. An answer that was cancelled before is another's to replace.
            context.Abort();
        }
    }
}
