using Microsoft.AspNetCore.Http;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;

namespace TenantManager.Client.Middleware;

/// <summary>A read that was admitted: revoked before its answer begins, the tenant is refused it. It can be sent again, and has lost nothing.</summary>
internal sealed class AdmittedRead : IAnswerGate
{
    private readonly HttpContext _context;
    private readonly TenantId _tenant;
    private readonly Revocations _revocations;
    private volatile bool _isLetGo;

    private AdmittedRead(HttpContext context, TenantId tenant, Revocations revocations) => (_context, _tenant, _revocations) = (context, tenant, revocations);

    private bool IsRefused => !_isLetGo && _revocations.Note(_tenant) != 0;

    /// <inheritdoc/>
    public bool TryLetGo() => _isLetGo = !IsRefused;

    /// <summary>Runs the rest of the pipeline.</summary>
    public static async Task ServeAsync(HttpContext context, RequestDelegate next, TenantId tenant, Revocations revocations)
    {
        var read = new AdmittedRead(context, tenant, revocations);
        context.Response.OnStarting(static read => ((AdmittedRead)read).HoldBackAsync(), read);
        var guard = new AnswerGuard(context, read);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (read.IsRefused && !context.Response.HasStarted)
        {
            // Answered below.
        }
        finally
        {
            guard.Remove();
        }

        if (!read.IsRefused || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.Clear();
        await Refusal.Denied(status: null).WriteAsync(context).ConfigureAwait(false);
    }

    /// <summary>What begins its answer past the guard does not leave.</summary>
    private Task HoldBackAsync()
    {
        if (IsRefused && _context.Response.StatusCode != StatusCodes.Status403Forbidden)
            _context.Abort();
        return Task.CompletedTask;
    }
}
