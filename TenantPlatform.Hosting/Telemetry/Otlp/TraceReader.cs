using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>ExportTraceServiceRequest</c>. Spans without ids are left out; links are skipped.</summary>
internal static class TraceReader
{
    /// <exception cref="MalformedMessageException">The bytes are no such message, or exceed a limit.</exception>
    public static List<SpanRecord> Read(ReadOnlySpan<byte> request, DecodingContext context)
    {
        var spans = new List<SpanRecord>();
        Envelope.Read(request, context, (item, resource, scope) =>
        {
            context.CountRecord();
            if (ReadSpan(item, resource, scope, context) is { } span)
                spans.Add(span);
        });
        return spans;
    }

    private static SpanRecord? ReadSpan(ReadOnlySpan<byte> span, TelemetryResource resource, string scope, DecodingContext context)
    {
        UInt128 traceId = 0;
        ulong spanId = 0, parentId = 0;
        long start = 0, end = 0;
        var name = "";
        var kind = SpanKind.Unspecified;
        var status = SpanStatus.Unset;
        string? statusMessage = null;
        List<TelemetryAttribute>? attributes = null;
        List<SpanEvent>? events = null;
        var reader = new ProtoReader(span);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    traceId = WireValues.TraceId(reader.ReadBytes());
                    break;
                case 2:
                    spanId = WireValues.SpanId(reader.ReadBytes());
                    break;
                case 4:
                    parentId = WireValues.SpanId(reader.ReadBytes());
                    break;
                case 5:
                    name = context.Name(reader.ReadBytes());
                    break;
                case 6:
                    kind = KindOf(reader.ReadVarint());
                    break;
                case 7:
                    start = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                case 8:
                    end = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                case 9:
                    AttributeReader.Add(ref attributes, reader.ReadBytes(), context);
                    break;
                case 11:
                    var item = reader.ReadBytes();
                    if (events is null || events.Count < context.Limits.MaxEvents)
                        (events ??= []).Add(ReadEvent(item, context));
                    break;
                case 15:
                    (status, statusMessage) = ReadStatus(reader.ReadBytes(), context);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return traceId == 0 || spanId == 0
            ? null
            : new SpanRecord
            {
                TraceId = traceId,
                SpanId = spanId,
                ParentId = parentId,
                Name = name,
                Kind = kind,
                Status = status,
                StatusMessage = statusMessage,
                Start = start,
                Duration = Math.Max(0, end - start),
                Resource = resource,
                Scope = scope,
                Attributes = AttributeReader.ToArray(attributes),
                Events = events?.ToArray() ?? [],
            };
    }

    private static SpanEvent ReadEvent(ReadOnlySpan<byte> message, DecodingContext context)
    {
        long time = 0;
        var name = "";
        List<TelemetryAttribute>? attributes = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    time = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                case 2:
                    name = context.Name(reader.ReadBytes());
                    break;
                case 3:
                    AttributeReader.Add(ref attributes, reader.ReadBytes(), context);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new SpanEvent(time, name, AttributeReader.ToArray(attributes));
    }

    private static (SpanStatus Status, string? Message) ReadStatus(ReadOnlySpan<byte> message, DecodingContext context)
    {
        var status = SpanStatus.Unset;
        string? text = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2)
                text = context.Text(reader.ReadBytes());
            else if (reader.Field == 3)
                status = reader.ReadVarint() switch { 1 => SpanStatus.Ok, 2 => SpanStatus.Error, _ => SpanStatus.Unset };
            else
                reader.Skip();
        }

        return (status, string.IsNullOrEmpty(text) ? null : text);
    }

    private static SpanKind KindOf(ulong number) => number <= (ulong)SpanKind.Consumer ? (SpanKind)number : SpanKind.Unspecified;
}
