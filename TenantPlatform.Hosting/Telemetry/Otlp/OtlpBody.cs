using System.Buffers;
using System.IO.Compression;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>A request's body, decompressed, in a pooled buffer that <see cref="Dispose"/> gives back.</summary>
internal sealed class OtlpBody : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    public ReadOnlySpan<byte> Message => _buffer.AsSpan(0, _length);

    /// <summary>Reads a stream to its end; null when it is longer than the limit, before or after decompression.</summary>
    /// <exception cref="InvalidDataException">It is not what its encoding says.</exception>
    public static async Task<OtlpBody?> ReadAsync(Stream stream, bool isCompressed, int limit, CancellationToken cancellationToken)
    {
        var body = new OtlpBody();
        var isWhole = false;
        try
        {
            await using var sent = new LimitedStream(stream, limit);
            await using var unpacked = isCompressed ? new GZipStream(sent, CompressionMode.Decompress, leaveOpen: true) : null;
            isWhole = await body.FillAsync(unpacked ?? (Stream)sent, limit, cancellationToken) && !sent.IsExceeded;
            return isWhole ? body : null;
        }
        finally
        {
            if (!isWhole)
                body.Dispose();
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async Task<bool> FillAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken)) > 0)
        {
            _length += read;
            if (_length > limit)
                return false;
            if (_length == _buffer.Length)
                Grow();
        }

        return true;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Message.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
