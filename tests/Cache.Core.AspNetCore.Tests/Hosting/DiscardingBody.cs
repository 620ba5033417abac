using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>A response's body that nobody reads: counts what is written, and takes no memory for it.</summary>
internal sealed class DiscardingBody : PipeWriter, IHttpResponseBodyFeature
{
    private readonly byte[] _room = new byte[64];

    public long Written { get; private set; }

    public Stream Stream => throw new NotSupportedException("Bodies from the store are written to the pipe.");

    public PipeWriter Writer => this;

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Written += source.Length;
        return default;
    }

    public override void Advance(int bytes) => Written += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _room;

    public override Span<byte> GetSpan(int sizeHint = 0) => _room;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
        // Nobody waits for its end.
    }

    public void DisableBuffering()
    {
        // Nothing is held back.
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;
}
