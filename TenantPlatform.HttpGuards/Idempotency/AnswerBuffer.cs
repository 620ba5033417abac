using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>
/// Holds an answer back until it is whole, so that it is kept before anybody has seen it. One that grows too long goes out as it
/// comes from there on.
/// </summary>
internal sealed class AnswerBuffer : Stream
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _outer;
    private readonly StreamResponseBodyFeature _inner;
    private readonly int _longest;
    private readonly MemoryStream _held = new();

    public AnswerBuffer(HttpContext context, int longest)
    {
        (_context, _longest) = (context, longest);
        _outer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _inner = new StreamResponseBodyFeature(this, _outer);
        context.Features.Set<IHttpResponseBodyFeature>(_inner);
    }

    /// <summary>Whether the answer has grown too long to be kept, and has begun to go out.</summary>
    public bool IsTooLong { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the answer and takes what is held of it.</summary>
    public async Task<byte[]> EndAsync()
    {
        await _inner.CompleteAsync();
        Remove();
        return _held.ToArray();
    }

    /// <summary>The answer goes out as before from now on; what is held is not sent.</summary>
    public void Remove() => _context.Features.Set(_outer);

    public override void Flush()
    {
        if (IsTooLong)
            _outer.Stream.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => IsTooLong ? _outer.Stream.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!IsTooLong && _held.Length + buffer.Length <= _longest)
        {
            _held.Write(buffer);
            return;
        }

        if (!IsTooLong)
        {
            IsTooLong = true;
            _outer.Stream.Write(_held.GetBuffer(), 0, (int)_held.Length);
        }

        _outer.Stream.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsTooLong && _held.Length + buffer.Length <= _longest)
        {
            _held.Write(buffer.Span);
            return;
        }

        if (!IsTooLong)
        {
            IsTooLong = true;
            await _outer.Stream.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellationToken);
        }

        await _outer.Stream.WriteAsync(buffer, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _held.Dispose();
        base.Dispose(disposing);
    }
}
