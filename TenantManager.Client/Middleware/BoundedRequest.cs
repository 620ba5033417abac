using Microsoft.AspNetCore.Http;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;

namespace TenantManager.Client.Middleware;

/// <summary>A request that ends when its tenant's grace period does; one that only reads is answered nothing from the denial on.</summary>
internal sealed class BoundedRequest : IAnswerGate, IDisposable
{
    private readonly HttpContext _context;
    private readonly PoolLease _lease;
    private readonly CancellationToken _client;
    private readonly CancellationTokenSource _end = new();
    private readonly bool _isRead;
    private volatile bool _isCut;
    private volatile bool _isLetGo;

    private BoundedRequest(HttpContext context, PoolLease lease)
    {
        _context = context;
        _lease = lease;
        _client = context.RequestAborted;
        var method = context.Request.Method;
        _isRead = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
    }

    /// <summary>
    /// Whether the answer may not leave. A read that is refused can be sent again and has lost nothing; of anything else the client
    /// must hear what has become of it, so it has the grace period.
    /// </summary>
    private bool IsRefused => _isCut || (_isRead && _lease.IsDenied);

    /// <inheritdoc/>
    public bool TryLetGo() => _isLetGo = _isLetGo || !IsRefused;

    /// <summary>
    /// Runs the rest of the pipeline. When it is cut, the request's own token is cancelled, and with it every query that was
    /// given it; the client is told that access is denied, or loses the connection when the answer has begun.
    /// </summary>
    /// <returns>Whether it was cut.</returns>
    public static async Task<bool> ServeAsync(HttpContext context, RequestDelegate next, PoolLease lease)
    {
        using var request = new BoundedRequest(context, lease);

        // Not a linked source: one registration less on the token that all of a tenant's requests share, and it must be known why
        // this one is cancelled before it is. The registrations are disposed first.
        using var client = request._client.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), request._end);
        using var watch = lease.Cut.UnsafeRegister(static request => ((BoundedRequest)request!).Cut(), request);
        context.Response.OnStarting(static request => ((BoundedRequest)request).HoldBackAsync(), request);
        var guard = request._isRead ? new AnswerGuard(context, request) : null;
        context.RequestAborted = request._end.Token;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (request.IsRefused && (request._isCut || !context.Response.HasStarted))
        {
            // Answered below, like a handler that has swallowed it; or the connection has been broken off.
        }
        finally
        {
            guard?.Remove();
            context.RequestAborted = request._client;
        }

        if (request.IsRefused && !context.Response.HasStarted && !request._client.IsCancellationRequested)
        {
            // It is the denial that this is based on, not what was looked up before it, which may be newer than the denial that came late.
            context.Response.Clear();
            AnswerBasis.Withdraw(context.Response);
            await Refusal.Denied(status: null).WriteAsync(context).ConfigureAwait(false);
        }

        if (request._isCut)
            ClientDiagnostics.RequestCut();
        return request._isCut;
    }

    public void Dispose() => _end.Dispose();

    private void Cut()
    {
        if (_client.IsCancellationRequested)
            return;
        _isCut = true;
        _end.Cancel();
        if (_context.Response.HasStarted)
            _context.Abort();
    }

    /// <summary>What begins its answer past the guard does not leave.</summary>
    private Task HoldBackAsync()
    {
        if ((_isCut || (IsRefused && !_isLetGo)) && _context.Response.StatusCode != StatusCodes.Status403Forbidden)
            _context.Abort();
        return Task.CompletedTask;
    }
}
