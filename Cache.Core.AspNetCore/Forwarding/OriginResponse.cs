using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>The response side of a request to the origin: what is written goes to a <see cref="StreamedBody"/>, and the head is told when it is fixed.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever gives the answer up may come late; a source without a timer and a stream over memory hold nothing to free.")]
internal sealed class OriginResponse : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IHttpResponseTrailersFeature
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _aborted = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();
    private readonly OriginBodyStream _stream;
    private PipeWriter? _writer;
    private Task? _starts;

    public OriginResponse(StreamedBody body)
    {
        Body = body;
        _stream = new OriginBodyStream(this);
        RequestAborted = _aborted.Token;
    }

    public StreamedBody Body { get; }

    /// <summary>Ends when the head is fixed; fails when the origin failed before.</summary>
    public Task Started => _started.Task;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <summary>Why it is not to be stored, where whoever brings it knows; null where the rules decide.</summary>
    public string? Refusal { get; set; }

    public bool HasStarted => _starts is not null;

    public CancellationToken RequestAborted { get; set; }

    public Stream Stream => _stream;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));

    Stream IHttpResponseFeature.Body
    {
        get => _stream;
        set => throw new NotSupportedException("The body of a response on its way into the cache cannot be replaced; replace the body feature.");
    }

    public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

    public void DisableBuffering()
    {
        // Nothing is held back here.
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _starts ??= StartOnceAsync();

    public async Task CompleteAsync()
    {
        await StartAsync();
        if (_writer is not null)
            await _writer.FlushAsync();
        Body.Complete();
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_stream, path, offset, count, cancellationToken);

    /// <summary>The origin has failed: before its head or within its body.</summary>
    public void Fail(Exception exception)
    {
        _started.TrySetException(exception);
        _ = _started.Task.Exception;
        Body.Complete(exception);
    }

    public void Abort()
    {
        Fail(new IOException("The origin's answer was aborted."));
        _aborted.Cancel();
    }

    public async Task RunCompletedAsync()
    {
        while (_completed.TryPop(out var completed))
            await completed.Callback(completed.State);
    }

    private async Task StartOnceAsync()
    {
        while (_starting.TryPop(out var starting))
            await starting.Callback(starting.State);
        Body.Expect(Headers.ContentLength);
        _started.TrySetResult();
    }

    private sealed class OriginBodyStream(OriginResponse response) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
            // What is written is there at once.
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => response.StartAsync(cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await response.StartAsync(cancellationToken);
            await response.Body.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("Responses are written asynchronously.");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
