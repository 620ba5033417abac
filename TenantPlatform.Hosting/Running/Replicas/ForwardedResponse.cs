using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace TenantPlatform.Hosting.Running;

/// <summary>A replica's answer on its way to the client.</summary>
/// <remarks>
/// A short one is read to its end before the client is told anything, so that another replica can be asked when this one
/// dies over it. Any other is passed on as it comes, no faster than the client takes it.
/// </remarks>
internal sealed class ForwardedResponse : IDisposable
{
    private const int ShortLength = 16 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly Stream? _body;
    private readonly byte[]? _read;
    private readonly int _length;

    private ForwardedResponse(HttpResponseMessage response, Stream? body, byte[]? read, int length)
    {
        _response = response;
        _body = body;
        _read = read;
        _length = length;
    }

    /// <summary>Takes over an answer whose head has arrived.</summary>
    /// <exception cref="IOException">The replica ended the connection too early.</exception>
    public static async ValueTask<ForwardedResponse> ReadAsync(HttpResponseMessage response, HttpMethod method, CancellationToken cancellationToken)
    {
        if (method == HttpMethod.Head || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
            return new ForwardedResponse(response, body: null, read: null, length: 0);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (IsChunked(response) || response.Content.Headers.ContentLength is not { } length || length > ShortLength)
            return new ForwardedResponse(response, body, read: null, length: 0);
        var read = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            await body.ReadExactlyAsync(read.AsMemory(0, (int)length), cancellationToken);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(read);
            throw;
        }

        return new ForwardedResponse(response, body, read, (int)length);
    }

    public async Task WriteToAsync(IFeatureCollection features, CancellationToken cancellationToken)
    {
        var head = features.Get<IHttpResponseFeature>()!;
        head.StatusCode = (int)_response.StatusCode;
        CopyHeaders(head.Headers);
        if (_body is null)
            return;
        var writer = features.Get<IHttpResponseBodyFeature>()!.Writer;
        if (_read is not null)
            await writer.WriteAsync(_read.AsMemory(0, _length), cancellationToken);
        else
            await StreamAsync(_body, writer, cancellationToken);
    }

    /// <summary>Copies the header fields that are not for this hop only.</summary>
    public void CopyHeaders(IHeaderDictionary headers)
    {
        var from = _response.Headers.NonValidated;
        var named = from.TryGetValues("Connection", out var connection) ? HopByHop.Named(Values(connection)) : null;
        foreach (var (name, values) in from)
        {
            if (!HopByHop.Includes(name) && named?.Contains(name) is not true)
                headers[name] = Values(values);
        }

        // A length beside a transfer coding means nothing, and must not reach anybody (RFC 9112, section 6.3).
        var hasLength = !IsChunked(_response);
        foreach (var (name, values) in _response.Content.Headers.NonValidated)
        {
            if (hasLength || !string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
                headers[name] = Values(values);
        }
    }

    public void Dispose()
    {
        if (_read is not null)
            ArrayPool<byte>.Shared.Return(_read);
        _response.Dispose();
    }

    private static async Task StreamAsync(Stream body, PipeWriter writer, CancellationToken cancellationToken)
    {
        while (true)
        {
            // What the client has a right to know leaves before the next wait, the head of the answer first.
            var arriving = body.ReadAsync(Memory<byte>.Empty, cancellationToken);
            if (!arriving.IsCompleted)
                await writer.FlushAsync(cancellationToken);
            await arriving;
            var count = await body.ReadAsync(writer.GetMemory(ShortLength), cancellationToken);
            if (count == 0)
                break;
            writer.Advance(count);
            if (writer.UnflushedBytes >= ShortLength && (await writer.FlushAsync(cancellationToken)).IsCompleted)
                return;
        }

        // Kestrel does not do so by itself when the length was given.
        await writer.FlushAsync(cancellationToken);
    }

    private static bool IsChunked(HttpResponseMessage response) => response.Headers.NonValidated.Contains("Transfer-Encoding");

    private static StringValues Values(HeaderStringValues values) => values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
}
