using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TenantPlatform.Hosting.Running;

/// <summary>What the front itself answers when no replica did.</summary>
internal sealed record FrontError(int Status, string Code, string Title, string Message)
{
    public static FrontError NoneHealthy(ReplicaPool pool) => new(
        503, "FRONT-0001", "No healthy replica", $"None of the {pool.Count} replicas of '{pool.Resource}' is running and healthy. Start one, or wait until its health checks pass.");

    public static FrontError NotAnswered(ReplicaTarget replica, bool wasRepeatable) => new(
        502,
        "FRONT-0002",
        "Replica did not answer",
        wasRepeatable
            ? $"The replica '{replica.Id}' ended the connection without an answer, and no other one could be asked."
            : $"The replica '{replica.Id}' ended the connection without an answer. The request may have been carried out; it was not sent again because that could carry it out twice.");

    public static FrontError BadTarget { get; } = new(
        400, "FRONT-0003", "Request target not supported", "Only paths and http addresses can be asked for; CONNECT and 'OPTIONS *' are not passed on.");

    public static FrontError BadBody(int status) => new(status, "FRONT-0004", "Bad request body", "The request's body is malformed or was cut short.");

    public async Task WriteToAsync(IFeatureCollection features, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { code = Code, title = Title, message = Message });
        var head = features.Get<IHttpResponseFeature>()!;
        head.StatusCode = Status;
        head.Headers.ContentType = "application/json; charset=utf-8";
        head.Headers.CacheControl = "no-store";
        head.Headers.ContentLength = body.Length;
        if (Status == 503)
            head.Headers.RetryAfter = "1";
        if (!HttpMethods.IsHead(features.Get<IHttpRequestFeature>()!.Method))
            await features.Get<IHttpResponseBodyFeature>()!.Writer.WriteAsync(body, cancellationToken);
    }
}
