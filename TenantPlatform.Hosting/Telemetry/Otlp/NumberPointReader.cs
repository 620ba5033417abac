using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>NumberDataPoint</c>; exemplars are skipped.</summary>
internal static class NumberPointReader
{
    /// <summary>A point; null when it carries no value that can be drawn.</summary>
    public static MetricPoint? Read(ReadOnlySpan<byte> message, DecodingContext context)
    {
        long start = 0, time = 0;
        var value = double.NaN;
        List<TelemetryAttribute>? tags = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    start = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                case 3:
                    time = WireValues.Nanoseconds(reader.ReadFixed64());
                    break;
                case 4:
                    value = reader.ReadDouble();
                    break;
                case 6:
                    value = (long)reader.ReadFixed64();
                    break;
                case 7:
                    AttributeReader.Add(ref tags, reader.ReadBytes(), context);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return double.IsFinite(value) ? new NumberPoint(new TagSet(AttributeReader.ToArray(tags)), start, time, value) : null;
    }
}
