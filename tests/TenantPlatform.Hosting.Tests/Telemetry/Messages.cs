namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>Requests of OTLP, one item each unless told.</summary>
internal static class Messages
{
    public static ProtoWriter Attribute(string key, ProtoWriter value) => new ProtoWriter().Text(1, key).Message(2, value);

    public static ProtoWriter Attribute(string key, string value) => Attribute(key, new ProtoWriter().Text(1, value));

    /// <summary>A request around items of any kind.</summary>
    public static ProtoWriter Request(string resource, string scope, params ProtoWriter[] items)
    {
        var group = new ProtoWriter().Message(1, new ProtoWriter().Text(1, scope));
        foreach (var item in items)
            group.Message(2, item);
        var head = new ProtoWriter().Message(1, Attribute("service.name", resource));
        return new ProtoWriter().Message(1, new ProtoWriter().Message(1, head).Message(2, group));
    }

    public static ProtoWriter Span(ulong traceId, ulong spanId, ulong parentId = 0, string name = "work", ulong start = 1_000_000, ulong end = 2_000_000)
    {
        var span = new ProtoWriter().Bytes(1, Id(0, traceId)).Bytes(2, Id(spanId)).Text(5, name).Varint(6, 2).Fixed64(7, start).Fixed64(8, end);
        return parentId == 0 ? span : span.Bytes(4, Id(parentId));
    }

    public static ProtoWriter Log(string message, ulong severity = 9) =>
        new ProtoWriter().Fixed64(1, 1_000_000).Varint(2, severity).Message(5, new ProtoWriter().Text(1, message));

    /// <summary>A sum of one point.</summary>
    public static ProtoWriter Sum(string name, double value, DateTimeOffset time, bool isDelta = false, bool isMonotonic = true, string? tag = null)
    {
        var point = new ProtoWriter().Fixed64(2, Nanoseconds(time.AddHours(-1))).Fixed64(3, Nanoseconds(time)).Double(4, value);
        if (tag is not null)
            point.Message(7, Attribute("tag", tag));
        var sum = new ProtoWriter().Message(1, point).Varint(2, isDelta ? 1u : 2u).Varint(3, isMonotonic ? 1u : 0u);
        return new ProtoWriter().Text(1, name).Text(3, "{call}").Message(7, sum);
    }

    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static byte[] Id(params ulong[] parts) => [.. parts.SelectMany(part => BitConverter.GetBytes(part).Reverse())];
}
