using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Selecting;

/// <summary>
/// Keys of resources: <c>r:{partition}|{scheme}://{host}{path}{query}</c>, as the origin will see them, so that what it tells apart is
/// told apart here. A partition holds no <c>|</c>, and a variant's key begins otherwise, so that no request can name another's key.
/// </summary>
internal static class CacheKey
{
    public const int Most = 4096;
    private const string Resource = "r:";

    /// <summary>What no host has, and would let one key read as another's.</summary>
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("/\\?#@| ");

    /// <summary>The key of a request's resource; null when there is none.</summary>
    public static string? Of(HttpRequest request, string? partition)
    {
        Span<char> buffer = stackalloc char[Most];
        return TryWrite(request, partition, buffer, out var length) ? new string(buffer[..length]) : null;
    }

    /// <summary>Lays the key out in a buffer; false when it is too long, or the request names no host.</summary>
    public static bool TryWrite(HttpRequest request, string? partition, Span<char> buffer, out int length)
    {
        length = 0;
        var host = request.Host.Value;
        return !string.IsNullOrEmpty(host) && !host.AsSpan().ContainsAny(NotInHosts) && partition?.Contains('|', StringComparison.Ordinal) != true
            && TryAppend(buffer, ref length, Resource)
            && TryAppend(buffer, ref length, partition)
            && TryAppend(buffer, ref length, "|")
            && TryAppend(buffer, ref length, request.Scheme)
            && TryAppend(buffer, ref length, "://")
            && TryAppendLower(buffer, ref length, WithoutDefaultPort(host, request.Scheme))
            && TryAppendPath(buffer, ref length, request)
            && TryAppend(buffer, ref length, request.QueryString.Value);
    }

    /// <summary>The key of another resource of the same origin, as <c>Location</c> or <c>Content-Location</c> names it; null when it is of another.</summary>
    public static string? Sibling(HttpRequest request, string? partition, string reference)
    {
        // The server takes hosts that are none, such as "a..b".
        if (!Uri.TryCreate($"{request.Scheme}://{request.Host.Value}{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}", UriKind.Absolute, out var present)
            || !Uri.TryCreate(present, reference, out var target)
            || !string.Equals(target.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(target.Authority, present.Authority, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<char> buffer = stackalloc char[Most];
        var length = 0;
        var path = PathOf(target.AbsolutePath);
        return TryAppend(buffer, ref length, Resource)
            && TryAppend(buffer, ref length, partition)
            && TryAppend(buffer, ref length, "|")
            && TryAppend(buffer, ref length, request.Scheme)
            && TryAppend(buffer, ref length, "://")
            && TryAppendLower(buffer, ref length, WithoutDefaultPort(request.Host.Value!, request.Scheme))
            && TryAppend(buffer, ref length, path)
            && TryAppend(buffer, ref length, target.Query)
                ? new string(buffer[..length])
                : null;
    }

    /// <summary>What a key says behind its scheme of the resource at this address.</summary>
    public static string Target(Uri url, bool withQuery) =>
        $"{WithoutDefaultPort(url.Authority, url.Scheme).ToString().ToLowerInvariant()}{PathOf(url.AbsolutePath)}{(withQuery ? url.Query : null)}";

    /// <summary>
    /// A path as keys have it: in one form, but where a percent sign is encoded: decoded, <c>%252F</c> reads as <c>%2F</c>. An encoded NUL is not
    /// decoded either: no request has one, and what decodes refuses it.
    /// </summary>
    private static string PathOf(string encoded) =>
        encoded.Contains("%25", StringComparison.Ordinal) || encoded.Contains("%00", StringComparison.Ordinal) ? encoded : PathString.FromUriComponent(encoded).ToUriComponent();

    private static bool TryAppendPath(Span<char> buffer, ref int length, HttpRequest request)
    {
        if (request.Path.Value?.Contains('%', StringComparison.Ordinal) == true
            && request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target
            && target.Split('?')[0] is var sent && sent.Contains("%25", StringComparison.Ordinal))
        {
            return TryAppend(buffer, ref length, sent);
        }

        return TryAppend(buffer, ref length, request.PathBase.HasValue ? request.PathBase.ToUriComponent() : null)
            && TryAppend(buffer, ref length, request.Path.ToUriComponent());
    }

    private static ReadOnlySpan<char> WithoutDefaultPort(string host, string scheme)
    {
        var port = scheme == "http" ? ":80" : scheme == "https" ? ":443" : null;
        return port is not null && host.EndsWith(port, StringComparison.Ordinal) ? host.AsSpan(0, host.Length - port.Length) : host;
    }

    private static bool TryAppend(Span<char> buffer, ref int length, string? text)
    {
        if (text is null)
            return true;
        if (!text.AsSpan().TryCopyTo(buffer[length..]))
            return false;
        length += text.Length;
        return true;
    }

    private static bool TryAppendLower(Span<char> buffer, ref int length, ReadOnlySpan<char> text)
    {
        if (text.Length > buffer.Length - length)
            return false;
        text.ToLowerInvariant(buffer[length..]);
        length += text.Length;
        return true;
    }
}
