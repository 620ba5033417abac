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

    public void Dispose() => body.Unfollow(this);
}
