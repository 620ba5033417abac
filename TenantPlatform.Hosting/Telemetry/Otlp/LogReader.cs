using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Logs;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>ExportLogsServiceRequest</c>.</summary>
internal static class LogReader
{
    /// <exception cref="MalformedMessageException">The bytes are no such message, or exceed a limit.</exception>
    public static List<LogRecord> Read(ReadOnlySpan<byte> request, DecodingContext context)
    {
        var logs = new List<LogRecord>();
        Envelope.Read(request, context, (item, resource, scope) =>
        {
            context.CountRecord();
            logs.Add(ReadLog(item, resource, scope, context));
        });
        return logs;
    }

    private static LogRecord ReadLog(ReadOnlySpan<byte> log, TelemetryResource resource, string scope, DecodingContext context)
    {
        long time = 0, observed = 0;
        ulong severity = 0, spanId = 0;
        UInt128 traceId = 0;
        var message = "";
        var exception = default(LoggedException);
        List<TelemetryAttribute>? attributes = null;
        var reader = new ProtoReader(log);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    time = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                case 2:
                    severity = reader.ReadVarint();
                    break;
                case 5:
                    message = AttributeReader.ReadValue(reader.ReadBytes(), context)?.ToString() ?? "";
                    break;
                case 6:
                    var attribute = reader.ReadBytes();
                    if (!exception.TryTake(attribute, context))
                        AttributeReader.Add(ref attributes, attribute, context);
                    break;
                case 9:
                    traceId = WireValues.TraceId(reader.ReadBytes());
                    break;
                case 10:
                    spanId = WireValues.SpanId(reader.ReadBytes());
                    break;
                case 11:
                    observed = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new LogRecord
        {
            Time = time != 0 ? time : observed,
            Level = LevelOf(severity),
            Resource = resource,
            Category = scope,
            Message = message,
            Exception = exception.ToText(),
            Attributes = AttributeReader.ToArray(attributes),
            TraceId = traceId,
            SpanId = spanId,
        };
    }

    // Four numbers to a level, from 1; none: as if it were informational.
    private static LogSeverity LevelOf(ulong number) =>
        number is 0 or > 24 ? LogSeverity.Information : (LogSeverity)((number - 1) / 4);
}
