using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TenantManager.Client.Middleware;

/// <summary>
/// Asks once more when an answer begins: before anything of it is written, so that another one can take its place. Text begins
/// its answer, and whoever serializes a value takes the writer. What goes into the stream without a beginning passes, and is for
/// whoever watches the headers.
/// </summary>
internal sealed class AnswerGuard : IHttpResponseBodyFeature
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _body;
    private readonly Func<bool> _mayGo;

    public AnswerGuard(HttpContext context, Func<bool> mayGo)
    {
        (_context, _mayGo) = (context, mayGo);
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(this);
    }

    public Stream Stream => _body.Stream;

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

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _body.SendFileAsync(path, offset, count, cancellationToken);

    public void DisableBuffering() => _body.DisableBuffering();

    public Task CompleteAsync() => _body.CompleteAsync();

    private void Begin()
    {
        if (!_context.Response.HasStarted && !_mayGo())
            throw new OperationCanceledException("Access to the tenant was denied.");
    }
}
