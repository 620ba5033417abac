namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>Spans and logs as services send them.</summary>
internal static class TypicalTelemetry
{
    private static readonly byte[] SpanConstants = Constants(
        9, "http.request.method", "http.route", "server.address", "url.scheme", "network.protocol.version", "user_agent.original", "db.system.name", "tenant.service");

    private static readonly byte[] LogConstants = Constants(6, "{OriginalFormat}", "EndpointName", "ConnectionId", "RequestPath");

    /// <summary>As ASP.NET Core's server spans: a dozen attributes, some of them new each time.</summary>
    public static ProtoWriter Span(ulong number)
    {
        var span = Messages.Span(((number - 1) / 5) + 1, number, ((number - 1) / 5 * 5) + 1, "POST /v1/organizations/{organization}/ledgers/{ledger}/transactions");
        span.Append(SpanConstants);
        span.Message(9, Messages.Attribute("url.path", $"/v1/organizations/0199-{number:x12}/ledgers/0199-{number:x12}/transactions/json"));
        span.Message(9, Messages.Attribute("http.response.status_code", new ProtoWriter().Varint(3, 200)));
        span.Message(9, Messages.Attribute("server.port", new ProtoWriter().Varint(3, 40_000 + (number % 5))));
        return span;
    }

    /// <summary>As ASP.NET Core's lines about a request.</summary>
    public static ProtoWriter Log(ulong number)
    {
        var log = Messages.Log($"Executed endpoint 'HTTP: POST /v1/organizations/{number:x12}/ledgers/{number:x12}/transactions' in {number} ms");
        log.Append(LogConstants).Message(6, Messages.Attribute("RequestId", $"0HN{number:x10}:00000001"));
        return log.Bytes(9, Messages.Id(0, number)).Bytes(10, Messages.Id(number));
    }

    private static byte[] Constants(int field, params string[] keys)
    {
        var attributes = new ProtoWriter();
        foreach (var key in keys)
            attributes.Message(field, Messages.Attribute(key, $"value of {key}"));
        return attributes.ToArray();
    }
}
