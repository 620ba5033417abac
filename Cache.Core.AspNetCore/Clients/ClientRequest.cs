using System.Diagnostics;
using Cache.Core.AspNetCore.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Clients;

/// <summary>
/// A client's request as the cache sees it. A feature of the request itself; copies of it, which the cache sends on its own account, know
/// it as an item.
/// </summary>
internal sealed class ClientRequest
{
    private readonly Uri _address;
    private readonly Version _version;
    private readonly HttpVersionPolicy _versionPolicy;
    private readonly bool _hasHost;
    private readonly KeyValuePair<string, object?>[] _options;

    public ClientRequest(HttpRequestMessage message, string? partition)
    {
        (Message, Partition) = (message, partition);
        (_address, _version, _versionPolicy, _hasHost) = (message.RequestUri!, message.Version, message.VersionPolicy, message.Headers.Host is not null);
        _options = [.. message.Options];
    }

    public HttpRequestMessage Message { get; }

    public string? Partition { get; }

    /// <summary>The server's answer to the request itself, where it went past the cache.</summary>
    public HttpResponseMessage? Passed { get; set; }

    /// <summary>The request as that of a pipeline.</summary>
    public DefaultHttpContext Context(ClientCache cache, OriginResponse response)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var field in Message.Headers.NonValidated)
            headers[field.Key] = field.Value.ToArray();
        if (!_hasHost)
            headers.Host = _address.Authority;
        FeatureCollection features = new();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = Message.Method.Method,
            Scheme = _address.Scheme,
            Path = PathString.FromUriComponent(_address.AbsolutePath).Value ?? "/",
            QueryString = _address.Query,
            RawTarget = _address.PathAndQuery,
            Protocol = HttpProtocol.Http11,
            Headers = headers,
            Body = Stream.Null,
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(response);
        features.Set<IHttpResponseTrailersFeature>(response);
        features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(Message.Content is not null));
        features.Set<IHttpActivityFeature>(NoSpan.Instance);
        features.Set(this);
        DefaultHttpContext context = new(features) { RequestServices = cache.Services };
        context.SetEndpoint(cache.Endpoint);
        context.Items[typeof(ClientRequest)] = this;
        return context;
    }

    /// <summary>A message of the same kind, with the header of a copy.</summary>
    public HttpRequestMessage Copy(HttpRequest request)
    {
        HttpRequestMessage message = new(new HttpMethod(request.Method), _address) { Version = _version, VersionPolicy = _versionPolicy };
        foreach (var field in request.Headers)
        {
            if (_hasHost || !field.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))
                message.Headers.TryAddWithoutValidation(field.Key, (IEnumerable<string?>)field.Value);
        }

        foreach (var (key, value) in _options)
            message.Options.Set(new HttpRequestOptionsKey<object?>(key), value);
        return message;
    }

    /// <summary>Whether a redirect was followed on the way: the answer is another resource's.</summary>
    public bool IsAnsweredBy(HttpResponseMessage response) =>
        response.RequestMessage?.RequestUri is not { } final || final == _address;

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;

    /// <summary>The span at hand is the caller's, and is not told of its requests.</summary>
    private sealed class NoSpan : IHttpActivityFeature
    {
        public static readonly NoSpan Instance = new();

        public Activity Activity { get; set; } = new("http-cache") { IsAllDataRequested = false };
    }
}
