using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>The one message of a unary gRPC call: a byte that tells whether it is compressed, four for its length, the message.</summary>
internal static class GrpcFrame
{
    private const int HeadLength = 5;

    /// <summary>What stands before a message of no bytes, and is the whole of an answer that says nothing.</summary>
    public static ReadOnlyMemory<byte> Empty { get; } = new byte[HeadLength];

    /// <summary>Reads the message; null when it is longer than the limit, before or after decompression.</summary>
    /// <exception cref="InvalidDataException">There is no message, more than one, or one that is cut short or compressed in a way that was not told.</exception>
    public static async Task<OtlpBody?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        if (await request.Body.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancellationToken) < HeadLength)
            throw new InvalidDataException("The call has no message.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
        if (length > limit)
            return null;
        var isCompressed = head[0] switch
        {
            0 => false,
            1 when request.Headers["grpc-encoding"].ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase) => true,
            1 => throw new InvalidDataException("The message is compressed, and 'grpc-encoding' does not say 'gzip'."),
            _ => throw new InvalidDataException("The message's first byte is neither 0 nor 1."),
        };
        await using var sent = new LimitedStream(request.Body, length);
        var body = await OtlpBody.ReadAsync(sent, isCompressed, limit, cancellationToken);
        if (body is not null && !sent.IsExceeded && sent.Left == 0 && await sent.ReadAsync(new byte[1], cancellationToken) == 0 && !sent.IsExceeded)
            return body;
        if (body is null && !sent.IsExceeded)
            return null;
        body?.Dispose();
        throw new InvalidDataException("The call has more than its one message, or less.");
    }
}
