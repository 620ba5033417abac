using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>ExponentialHistogramDataPoint</c>; exemplars are skipped.</summary>
internal static class ExponentialPointReader
{
    /// <exception cref="MalformedMessageException">Scale or offset are out of range, or there are too many buckets.</exception>
    public static MetricPoint Read(ReadOnlySpan<byte> message, DecodingContext context)
    {
        long start = 0, time = 0, count = 0, zeros = 0;
        var scale = 0;
        double sum = 0, min = double.NaN, max = double.NaN;
        BucketRun positive = BucketRun.Empty, negative = BucketRun.Empty;
        List<TelemetryAttribute>? tags = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    AttributeReader.Add(ref tags, reader.ReadBytes(), context);
                    break;
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
                    scale = reader.ReadZigZag();
                    break;
                case 7:
                    zeros = WireValues.Count(reader.ReadFixed64());
                    break;
                case 8:
                    positive = ReadRun(reader.ReadBytes(), context);
                    break;
                case 9:
                    negative = ReadRun(reader.ReadBytes(), context);
                    break;
                case 12:
                    min = reader.ReadDouble();
                    break;
                case 13:
                    max = reader.ReadDouble();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (scale is < ExponentialBuckets.MinScale or > ExponentialBuckets.MaxScale)
            throw new MalformedMessageException($"The scale {scale} of an exponential histogram is not from {ExponentialBuckets.MinScale} to {ExponentialBuckets.MaxScale}.");
        var buckets = new ExponentialBuckets(scale, zeros, positive, negative);
        return new HistogramPoint(
            new TagSet(AttributeReader.ToArray(tags)), start, time, new HistogramValue(count, sum, buckets, min, max));
    }

    private static BucketRun ReadRun(ReadOnlySpan<byte> message, DecodingContext context)
    {
        var offset = 0;
        List<ulong> counts = [];
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                offset = reader.ReadZigZag();
            else if (reader.Field == 2)
                reader.ReadVarints(counts, context.Limits.MaxBuckets);
            else
                reader.Skip();
        }

        if (Math.Abs((long)offset) > BucketRun.MaxOffset)
            throw new MalformedMessageException("The offset of an exponential histogram's buckets is out of range.");
        return new BucketRun(offset, [.. counts.Select(WireValues.Count)]);
    }
}
