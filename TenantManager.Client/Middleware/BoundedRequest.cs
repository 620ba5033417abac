using Microsoft.AspNetCore.Http;
using TenantManager.Client.Diagnostics;

namespace TenantManager.Client.Middleware;

/// <summary>A request that ends when its tenant's grace period does.</summary>
internal sealed class BoundedRequest
{
    private readonly HttpContext _context;
    private readonly CancellationToken _client;
    private volatile bool _isCut;

    private BoundedRequest(HttpContext context)
    {
        _context = context;
        _client = context.RequestAborted;
    }

    /// <summary>
    /// Runs the rest of the pipeline. When it is cut, the request's own token is cancelled, and with it every query that was
    /// given it; the client is told that access is denied, or loses the connection when the answer has begun.
    /// </summary>
    /// <returns>Whether it was cut.</returns>
    public static async Task<bool> ServeAsync(HttpContext context, RequestDelegate next, CancellationToken cut)
    {
        var request = new BoundedRequest(context);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(request._client, cut);

        // After the token's own: those who registered last are told first, and it must be known why the token is cancelled.
        using var watch = cut.UnsafeRegister(static request => ((BoundedRequest)request!).Cut(), request);
        context.Response.OnStarting(static request => ((BoundedRequest)request).HoldBackAsync(), request);
        context.RequestAborted = either.Token;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (request._isCut)
        {
            context.RequestAborted = request._client;
            if (!context.Response.HasStarted && !request._client.IsCancellationRequested)
            {
                context.Response.Clear();
                await Refusal.Denied(status: null).WriteAsync(context).ConfigureAwait(false);
            }
        }
        finally
        {
            context.RequestAborted = request._client;
        }

        if (request._isCut)
            ClientDiagnostics.RequestCut();
        return request._isCut;
    }

    private void Cut()
    {
        if (_client.IsCancellationRequested)
            return;
        _isCut = true;
        if (_context.Response.HasStarted)
            _context.Abort();
    }

    /// <summary>The answer of a handler that took no notice does not leave.</summary>
    private Task HoldBackAsync()
    {
        if (_isCut && _context.Response.StatusCode != StatusCodes.Status403Forbidden)
            _context.Abort();
        return Task.CompletedTask;
    }
}
