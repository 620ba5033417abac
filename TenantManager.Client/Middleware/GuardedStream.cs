namespace TenantManager.Client.Middleware;

/// <summary>A response's body whose guard is asked before anything is written.</summary>
internal sealed class GuardedStream(Stream body, AnswerGuard guard) : Stream
{
    public override bool CanRead => body.CanRead;

    public override bool CanSeek => body.CanSeek;

    public override bool CanWrite => body.CanWrite;

    public override long Length => body.Length;

    public override long Position
    {
        get => body.Position;
        set => body.Position = value;
    }

    public override void Write(byte[] buffer, int offset, int count) => Begun().Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => Begun().Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Begun().WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Begun().WriteAsync(buffer, cancellationToken);

    public override void Flush() => Begun().Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => Begun().FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => body.Seek(offset, origin);

    public override void SetLength(long value) => body.SetLength(value);

    private Stream Begun()
    {
        guard.Begin();
        return body;
    }
}
