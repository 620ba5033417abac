using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>Reads a request's whole body, and leaves it there for the handler.</summary>
internal static class RequestBody
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>The body; null when it is longer than allowed.</summary>
    public static async Task<byte[]?> TakeAsync(HttpRequest request, int longest, CancellationToken cancellationToken)
    {
        if (request.ContentLength > longest)
            return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[Math.Min(ChunkSize, request.ContentLength + 1 ?? ChunkSize)];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > longest)
                return null;
            buffer.Write(chunk, 0, read);
        }

        var body = buffer.ToArray();
        request.Body = new MemoryStream(body, writable: false);
        return body;
    }
}
