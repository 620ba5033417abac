using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TenantManager.Client.Middleware;

/// <summary>Asks once more when an answer begins: before anything of it is written, so that another one can take its place.</summary>
internal sealed class AnswerGuard : IHttpResponseBodyFeature
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IAnswerGate _gate;
    private Stream? _stream;

    public AnswerGuard(HttpContext context, IAnswerGate gate)
    {
        (_context, _gate) = (context, gate);
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(this);
    }

    /// <summary>Whoever takes it may write much later: it is asked at the first write.</summary>
    public Stream Stream => _stream ??= new GuardedStream(_body.Stream, this);

    /// <exception cref="OperationCanceledException">The answer is refused.</exception>
    public PipeWriter Writer
    {
        get
        {
            Begin();
            return _body.Writer;
        }
    }

    public void Remove() => _context.Features.Set(_body);

    /// <exception cref="OperationCanceledException">The answer is refused.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        return _body.StartAsync(cancellationToken);
    }

    /// <exception cref="OperationCanceledException">The answer is refused.</exception>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        Begin();
        return _body.SendFileAsync(path, offset, count, cancellationToken);
    }

    public void DisableBuffering() => _body.DisableBuffering();

    /// <exception cref="OperationCanceledException">The answer is refused.</exception>
    public Task CompleteAsync()
    {
        Begin();
        return _body.CompleteAsync();
    }

    /// <summary>Returns when the answer may go, or has begun long ago.</summary>
    /// <exception cref="OperationCanceledException">The answer is refused.</exception>
    public void Begin()
    {
        if (!_context.Response.HasStarted && !_gate.TryLetGo())
            throw new OperationCanceledException("Access to the tenant was denied.");
    }
}
