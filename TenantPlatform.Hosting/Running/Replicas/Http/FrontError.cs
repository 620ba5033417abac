using System.Globalization;
using System.Text;
using System.Text.Json;

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

    public static FrontError BadBody { get; } = new(400, "FRONT-0004", "Bad request body", "The request's body is malformed or was cut short.");

    public static FrontError BadVersion { get; } = new(505, "FRONT-0006", "HTTP version not supported", "This address speaks HTTP/1.1.");

    public static FrontError TooLong { get; } = new(431, "FRONT-0007", "Request head too long", $"A request's head may have {MessageBuffer.LongestHead} bytes.");

    public static FrontError BadRequest(string why) => new(400, "FRONT-0005", "Bad request", $"The request is malformed. {why}");

    /// <summary>The whole answer.</summary>
    public byte[] ToAnswer(bool isToHead, bool closes)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { code = Code, title = Title, message = Message });
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status} {Title}\r\nContent-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\nContent-Length: {body.Length}\r\n{(Status == 503 ? "Retry-After: 1\r\n" : "")}{(closes ? "Connection: close\r\n" : "")}\r\n");
        return isToHead ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
