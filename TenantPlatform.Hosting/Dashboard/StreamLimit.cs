using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace TenantPlatform.Hosting.Dashboard;

/// <summary>
/// Bounds the event streams that are open at one time: each holds what its client has not read yet. A browser has six
/// connections at most, for all its tabs. A stream is an endpoint that says it produces one. Stands after routing. Safe for
/// concurrent use.
/// </summary>
internal sealed class StreamLimit
{
    /// <summary>How many may be open.</summary>
    public const int Most = 48;

    private int _open;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsStream(context.GetEndpoint()))
        {
            await next(context);
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _open) > Most)
                await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "too_many_streams", $"{Most} pages follow this dashboard already: close some.");
            else
                await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static bool IsStream(Endpoint? endpoint) => endpoint is not null
        && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Any(answer => answer.ContentTypes.Contains(MediaTypeNames.Text.EventStream, StringComparer.Ordinal));
}
