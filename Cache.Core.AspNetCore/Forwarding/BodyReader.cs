namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>One who follows a <see cref="StreamedBody"/>.</summary>
internal sealed class BodyReader(StreamedBody body) : IDisposable
{
    private long _position;

    public long Position => Volatile.Read(ref _position);

    /// <summary>Writes what has come and what is still to come; throws when it breaks off.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (bytes, wait) = body.Read(_position);
            if (wait is not null)
            {
                await target.FlushAsync(cancellationToken);
                await wait.WaitAsync(cancellationToken);
                continue;
            }

            if (bytes.IsEmpty)
                return;
            await target.WriteAsync(bytes, cancellationToken);
            Volatile.Write(ref _position, _position + bytes.Length);
            body.Advanced();
        }
    }

    /// <summary>Reads what has come, and waits for the next when that is nothing; 0 at the end. Throws when it breaks off.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (bytes, wait) = body.Read(_position);
            if (wait is not null)
            {
                await wait.WaitAsync(cancellationToken);
                continue;
            }

            var taken = Math.Min(bytes.Length, target.Length);
            bytes[..taken].CopyTo(target);
            Volatile.Write(ref _position, _position + taken);
            body.Advanced();
            return taken;
        }
    }

    public void Dispose() => body.Unfollow(this);
}
