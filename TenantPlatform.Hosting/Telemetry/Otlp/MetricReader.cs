using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>ExportMetricsServiceRequest</c>: gauges, sums, histograms, exponential histograms. Summaries are skipped.</summary>
internal static class MetricReader
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;
    private const int ExponentialHistogram = 10;
    private const ulong Delta = 1;

    /// <exception cref="MalformedMessageException">The bytes are no such message, or exceed a limit.</exception>
    public static List<MetricReport> Read(ReadOnlySpan<byte> request, DecodingContext context)
    {
        var reports = new List<MetricReport>();
        Envelope.Read(request, context, (item, resource, scope) =>
        {
            context.CountRecord();
            if (ReadMetric(item, resource, scope, context) is { } report)
                reports.Add(report);
        });
        return reports;
    }

    private static MetricReport? ReadMetric(ReadOnlySpan<byte> metric, TelemetryResource resource, string meter, DecodingContext context)
    {
        string name = "", description = "", unit = "";
        ReadOnlySpan<byte> data = default;
        var type = 0;
        var reader = new ProtoReader(metric);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = context.Name(reader.ReadBytes());
                    break;
                case 2:
                    description = context.Name(reader.ReadBytes());
                    break;
                case 3:
                    unit = context.Name(reader.ReadBytes());
                    break;
                case Gauge or Sum or Histogram or ExponentialHistogram:
                    type = reader.Field;
                    data = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (name.Length == 0 || type == 0)
            return null;
        var (isDelta, isMonotonic) = ReadSettings(data);
        var kind = type switch
        {
            Gauge => InstrumentKind.Gauge,
            Sum when isMonotonic => InstrumentKind.Counter,
            Sum => InstrumentKind.UpDownCounter,
            _ => InstrumentKind.Histogram,
        };
        var instrument = new Instrument(resource, meter, name, unit, description, kind);
        return new MetricReport(instrument, isDelta, ReadPoints(data, type, context));
    }

    // These come after the points, whose meaning they decide.
    private static (bool IsDelta, bool IsMonotonic) ReadSettings(ReadOnlySpan<byte> data)
    {
        bool isDelta = false, isMonotonic = false;
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            if (reader.Field == 2)
                isDelta = reader.ReadVarint() == Delta;
            else if (reader.Field == 3)
                isMonotonic = reader.ReadVarint() != 0;
            else
                reader.Skip();
        }

        return (isDelta, isMonotonic);
    }

    private static List<MetricPoint> ReadPoints(ReadOnlySpan<byte> data, int type, DecodingContext context)
    {
        var points = new List<MetricPoint>();
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            context.CountRecord();
            var message = reader.ReadBytes();
            var point = type switch
            {
                Histogram => HistogramPointReader.Read(message, context),
                ExponentialHistogram => ExponentialPointReader.Read(message, context),
                _ => NumberPointReader.Read(message, context),
            };
            if (point is not null)
                points.Add(point);
        }

        return points;
    }
}
