using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>
/// A request as the rest of the pipeline gets it from the cache: a copy without a body, so that it can go on when the one that caused it
/// has been answered or given up. Taken while that one lives; sent once or more.
/// </summary>
internal sealed class OriginRequest
{
    private readonly string _method;
    private readonly string _scheme;
    private readonly PathString _pathBase;
    private readonly PathString _path;
    private readonly QueryString _query;
    private readonly string _protocol;
    private readonly string _target;
    private readonly HeaderDictionary _headers;
    private readonly HttpConnectionFeature _connection;
    private readonly Endpoint? _endpoint;
    private readonly RouteValueDictionary _routeValues;
    private readonly System.Security.Claims.ClaimsPrincipal _user;
    private readonly Dictionary<object, object?> _items;
    private readonly string _trace;
    private readonly IInterimResponses? _interim;
    private readonly RequestDelegate _next;
    private readonly IServiceScopeFactory _scopes;

    public OriginRequest(HttpContext context, RequestDelegate next, bool isForeground)
    {
        var request = context.Request;
        (_method, _scheme, _pathBase, _path, _query, _protocol) = (request.Method, request.Scheme, request.PathBase, request.Path, request.QueryString, request.Protocol);
        _target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? string.Empty;
        _headers = new HeaderDictionary(request.Headers.Count);
        foreach (var field in request.Headers)
            _headers[field.Key] = field.Value;
        _connection = new HttpConnectionFeature
        {
            ConnectionId = context.Connection.Id,
            RemoteIpAddress = context.Connection.RemoteIpAddress,
            RemotePort = context.Connection.RemotePort,
            LocalIpAddress = context.Connection.LocalIpAddress,
            LocalPort = context.Connection.LocalPort,
        };
        _endpoint = context.GetEndpoint();
        _routeValues = new RouteValueDictionary(request.RouteValues);
        _user = context.User;
        _items = new Dictionary<object, object?>(context.Items);
        _trace = context.TraceIdentifier;
        _interim = isForeground ? context.Features.Get<IInterimResponses>() : null;
        _next = next;
        _scopes = context.RequestServices.GetRequiredService<IServiceScopeFactory>();
    }

    /// <summary>What answers it.</summary>
    public Endpoint? Endpoint => _endpoint;

    /// <summary>The requester's header.</summary>
    public IHeaderDictionary Headers => _headers;

    /// <summary>Sends it, with this header, and writes the answer to <paramref name="response"/>. Never throws: the response tells.</summary>
    public async Task SendAsync(IHeaderDictionary headers, OriginResponse response)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var context = Context(headers, response);
            context.RequestServices = scope.ServiceProvider;
            await _next(context);
            await response.CompleteAsync();
            await response.RunCompletedAsync();
        }
        catch (Exception exception)
        {
            response.Fail(exception);
        }
    }

    private DefaultHttpContext Context(IHeaderDictionary headers, OriginResponse response)
    {
        FeatureCollection features = new();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = _method,
            Scheme = _scheme,
            PathBase = _pathBase.Value ?? string.Empty,
            Path = _path.Value ?? string.Empty,
            QueryString = _query.Value ?? string.Empty,
            Protocol = _protocol,
            RawTarget = _target,
            Headers = headers,
            Body = Stream.Null,
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(response);
        features.Set<IHttpResponseTrailersFeature>(response);
        features.Set<IHttpConnectionFeature>(_connection);
        features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature { TraceIdentifier = _trace });
        features.Set<IHttpRequestBodyDetectionFeature>(NoBody.Instance);
        if (_interim is not null)
            features.Set(_interim);
        DefaultHttpContext context = new(features) { User = _user };
        foreach (var item in _items)
            context.Items[item.Key] = item.Value;
        context.SetEndpoint(_endpoint);
        context.Request.RouteValues = new RouteValueDictionary(_routeValues);
        return context;
    }

    private sealed class NoBody : IHttpRequestBodyDetectionFeature
    {
        public static readonly NoBody Instance = new();

        public bool CanHaveBody => false;
    }
}
