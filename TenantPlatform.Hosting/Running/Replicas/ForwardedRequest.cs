using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace TenantPlatform.Hosting.Running;

/// <summary>A client's request as replicas are sent it. Made anew for each try.</summary>
internal sealed class ForwardedRequest
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly IHttpRequestFeature _request;
    private readonly string _target;
    private readonly string? _client;
    private readonly bool _upgrades;

    private ForwardedRequest(IFeatureCollection features, IHttpRequestFeature request, string target)
    {
        _request = request;
        _target = target;
        _client = features.Get<IHttpConnectionFeature>()?.RemoteIpAddress is { } address ? Text(address) : null;
        Method = HttpMethod.Parse(request.Method);
        IsIdempotent = Idempotent(Method);

        // An upgrade to HTTP/2 would be a way around what the front promises for each request.
        _upgrades = features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && !request.Headers.Upgrade.ToString().Contains("h2c", StringComparison.OrdinalIgnoreCase);
        if (features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && !_upgrades)
            Body = new RequestBody(features.Get<IRequestBodyPipeFeature>()!.Reader, request.Headers.ContentLength);
        else if (!IsIdempotent)
            Body = new RequestBody(reader: null, length: 0);
    }

    public HttpMethod Method { get; }

    /// <summary>Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2).</summary>
    public bool IsIdempotent { get; }

    public RequestBody? Body { get; }

    /// <summary>Whether another replica may be asked after a failed try.</summary>
    public bool IsRepeatable => IsIdempotent && Body is not { IsConsumed: true };

    /// <summary>Reads a request; null when its target is none that a replica can be asked for, as that of <c>CONNECT</c>.</summary>
    public static ForwardedRequest? From(IFeatureCollection features)
    {
        var request = features.Get<IHttpRequestFeature>()!;
        var target = request.RawTarget;
        if (!target.StartsWith('/'))
        {
            if (!Uri.TryCreate(target, Verbatim, out var absolute) || absolute.Scheme is not ("http" or "https"))
                return null;
            target = absolute.PathAndQuery;
        }

        return new ForwardedRequest(features, request, target);
    }

    public HttpRequestMessage To(ReplicaTarget replica)
    {
        var message = new HttpRequestMessage(Method, new Uri(replica.Origin + _target, Verbatim))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Body,
        };
        var headers = _request.Headers;
        var named = HopByHop.Named(headers.Connection);
        foreach (var (name, value) in headers)
        {
            if (!HopByHop.Includes(name) && named?.Contains(name) is not true)
                Add(message, name, value);
        }

        if (_upgrades)
        {
            message.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            Add(message, "Upgrade", headers.Upgrade);
        }

        AddForwarded(message, headers);
        return message;
    }

    private void AddForwarded(HttpRequestMessage message, IHeaderDictionary headers)
    {
        if (_client is not null)
            message.Headers.TryAddWithoutValidation("X-Forwarded-For", _client);
        if (!headers.ContainsKey("X-Forwarded-Proto"))
            message.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "http");
        if (!headers.ContainsKey("X-Forwarded-Host") && headers.Host is [{ Length: > 0 } host])
            message.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
    }

    private static void Add(HttpRequestMessage message, string name, StringValues value)
    {
        // The length is the content's to say.
        if (string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            return;
        if (value.Count == 1)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value[0]))
                message.Content?.Headers.TryAddWithoutValidation(name, value[0]);
        }
        else if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
        {
            message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }
    }

    private static bool Idempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put || method == HttpMethod.Delete
        || method == HttpMethod.Options || method == HttpMethod.Trace;

    private static string Text(IPAddress address) => address.Equals(IPAddress.Loopback) ? "127.0.0.1" : address.ToString();
}
