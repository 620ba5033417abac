using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>One export of a process, as Prometheus reads metrics: a line for each series.</summary>
/// <remarks>Fields are numbered as in OTLP's <c>metrics.proto</c>. Only what the services send: cumulative sums, gauges, histograms with bounds.</remarks>
internal static class OtlpMetrics
{
    private const string Unknown = "unknown";

    /// <summary>The process and its lines.</summary>
    /// <exception cref="InvalidDataException">It is no export of metrics.</exception>
    public static (string Process, string Text) Read(ReadOnlySpan<byte> export)
    {
        var text = new StringBuilder();
        var process = Unknown;
        for (var request = new ProtobufReader(export); request.Next();)
        {
            if (request.Field != 1)
                continue;
            var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (var resource = new ProtobufReader(request.Bytes); resource.Next();)
            {
                if (resource.Field == 1)
                    attributes = Attributes(resource.Bytes, field: 1);
            }

            var (job, instance) = (attributes.GetValueOrDefault("service.name", Unknown), attributes.GetValueOrDefault("service.instance.id", Unknown));
            process = $"{job}/{instance}";
            var labels = $"job={Quote(job)},instance={Quote(instance)}";
            for (var resource = new ProtobufReader(request.Bytes); resource.Next();)
            {
                if (resource.Field == 2)
                    Scope(text, resource.Bytes, labels);
            }
        }

        return (process, text.ToString());
    }

    private static void Scope(StringBuilder text, ReadOnlySpan<byte> message, string labels)
    {
        for (var scope = new ProtobufReader(message); scope.Next();)
        {
            if (scope.Field == 2)
                Metric(text, scope.Bytes, labels);
        }
    }

    private static void Metric(StringBuilder text, ReadOnlySpan<byte> message, string labels)
    {
        var (name, unit) = (string.Empty, string.Empty);
        for (var metric = new ProtobufReader(message); metric.Next();)
        {
            if (metric.Field == 1)
                name = metric.Text;
            else if (metric.Field == 3)
                unit = metric.Text;
        }

        for (var metric = new ProtobufReader(message); metric.Next();)
        {
            switch (metric.Field)
            {
                case 5:
                    Numbers(text, metric.Bytes, PrometheusNames.Metric(name, unit, MetricKind.Gauge), labels);
                    break;
                case 7:
                    Numbers(text, metric.Bytes, PrometheusNames.Metric(name, unit, IsMonotonic(metric.Bytes) ? MetricKind.Counter : MetricKind.Other), labels);
                    break;
                case 9:
                    Histograms(text, metric.Bytes, PrometheusNames.Metric(name, unit, MetricKind.Other), labels);
                    break;
            }
        }
    }

    private static bool IsMonotonic(ReadOnlySpan<byte> message)
    {
        var isMonotonic = false;
        for (var sum = new ProtobufReader(message); sum.Next();)
            isMonotonic |= sum.Field == 3 && sum.Integer == 1;
        return isMonotonic;
    }

    private static void Numbers(StringBuilder text, ReadOnlySpan<byte> message, string name, string labels)
    {
        for (var points = new ProtobufReader(message); points.Next();)
        {
            if (points.Field != 1)
                continue;
            double value = 0;
            for (var point = new ProtobufReader(points.Bytes); point.Next();)
            {
                value = point.Field switch
                {
                    4 => point.Double,
                    6 => point.Integer,
                    _ => value,
                };
            }

            Line(text, name, labels + Labels(points.Bytes, field: 7), value);
        }
    }

    private static void Histograms(StringBuilder text, ReadOnlySpan<byte> message, string name, string labels)
    {
        for (var points = new ProtobufReader(message); points.Next();)
        {
            if (points.Field != 1)
                continue;
            var (count, sum) = (0.0, 0.0);
            var (counts, bounds) = (new List<double>(), new List<double>());
            for (var point = new ProtobufReader(points.Bytes); point.Next();)
            {
                switch (point.Field)
                {
                    case 4:
                        count = point.Integer;
                        break;
                    case 5:
                        sum = point.Double;
                        break;
                    case 6:
                        Unpack(point.Bytes, static bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes), counts);
                        break;
                    case 7:
                        Unpack(point.Bytes, BinaryPrimitives.ReadDoubleLittleEndian, bounds);
                        break;
                }
            }

            var all = labels + Labels(points.Bytes, field: 9);
            for (var (n, below) = (0, 0.0); n < bounds.Count; n++)
                Line(text, $"{name}_bucket", $"{all},le={Quote(bounds[n].ToString("R", CultureInfo.InvariantCulture))}", below += counts[n]);
            Line(text, $"{name}_bucket", $"{all},le=\"+Inf\"", count);
            Line(text, $"{name}_sum", all, sum);
            Line(text, $"{name}_count", all, count);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> packed, Func<ReadOnlySpan<byte>, double> read, List<double> into)
    {
        for (; packed.Length >= 8; packed = packed[8..])
            into.Add(read(packed[..8]));
    }

    private static string Labels(ReadOnlySpan<byte> point, int field) =>
        string.Concat(Attributes(point, field).Select(static one => $",{PrometheusNames.Label(one.Key)}={Quote(one.Value)}"));

    private static SortedDictionary<string, string> Attributes(ReadOnlySpan<byte> message, int field)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var fields = new ProtobufReader(message); fields.Next();)
        {
            if (fields.Field != field)
                continue;
            var (key, value) = (string.Empty, string.Empty);
            for (var pair = new ProtobufReader(fields.Bytes); pair.Next();)
            {
                if (pair.Field == 1)
                    key = pair.Text;
                else if (pair.Field == 2)
                    value = Value(pair.Bytes);
            }

            attributes[key] = value;
        }

        return attributes;
    }

    private static string Value(ReadOnlySpan<byte> message)
    {
        var value = string.Empty;
        for (var any = new ProtobufReader(message); any.Next();)
        {
            value = any.Field switch
            {
                1 => any.Text,
                2 => any.Integer == 1 ? "true" : "false",
                3 => any.Integer.ToString(CultureInfo.InvariantCulture),
                4 => any.Double.ToString("R", CultureInfo.InvariantCulture),
                _ => value,
            };
        }

        return value;
    }

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value:R}\n");
}
