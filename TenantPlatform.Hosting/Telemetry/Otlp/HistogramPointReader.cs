using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>HistogramDataPoint</c>; exemplars are skipped.</summary>
internal static class HistogramPointReader
{
    /// <exception cref="MalformedMessageException">Bounds and counts do not fit each other, or there are too many.</exception>
    public static MetricPoint Read(ReadOnlySpan<byte> message, DecodingContext context)
    {
        long start = 0, time = 0, count = 0;
        double sum = 0, min = double.NaN, max = double.NaN;
        List<ulong> counts = [], bounds = [];
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
                    count = WireValues.Count(reader.ReadFixed64());
                    break;
                case 5:
                    sum = reader.ReadDouble();
                    break;
                case 6:
                    reader.ReadFixed64s(counts, context.Limits.MaxBuckets);
                    break;
                case 7:
                    reader.ReadFixed64s(bounds, context.Limits.MaxBuckets);
                    break;
                case 9:
                    AttributeReader.Add(ref tags, reader.ReadBytes(), context);
                    break;
                case 11:
                    min = reader.ReadDouble();
                    break;
                case 12:
                    max = reader.ReadDouble();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var buckets = new ExplicitBuckets(Bounds(bounds, counts.Count), [.. counts.Select(WireValues.Count)]);
        return new HistogramPoint(
            new TagSet(AttributeReader.ToArray(tags)), start, time, new HistogramValue(count, sum, buckets, min, max));
    }

    private static double[] Bounds(List<ulong> bits, int counts)
    {
        if (counts == 0 ? bits.Count != 0 : bits.Count != counts - 1)
            throw new MalformedMessageException($"A histogram has {counts} buckets and {bits.Count} bounds; there is one bound between two buckets.");
        var bounds = bits.ConvertAll(BitConverter.UInt64BitsToDouble).ToArray();
        for (var index = 0; index < bounds.Length; index++)
        {
            if (double.IsNaN(bounds[index]) || (index > 0 && bounds[index] <= bounds[index - 1]))
                throw new MalformedMessageException("The bounds of a histogram do not ascend.");
        }

        return bounds;
    }
}
