namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>The points of one instrument and tag set; at most one per second. Guarded by its store's lock.</summary>
internal abstract class MetricSeries(TagSet tags)
{
    public TagSet Tags => tags;

    /// <summary>About how many bytes the tags occupy.</summary>
    public int TagBytes { get; } = RecordSize.Of(tags.Tags);

    /// <summary>The last point's time in milliseconds since 1970.</summary>
    public abstract long LastTime { get; }

    public abstract int Count { get; }

    /// <summary>What the points occupy, in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Takes a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="time">Its time in milliseconds since 1970.</param>
    /// <param name="isDelta">Whether it counts since the last one.</param>
    /// <param name="zeroAt">For a series' first point: when it was still zero, in milliseconds since 1970; null: not known.</param>
    /// <returns>Whether it could be used: it is of this series' type and not older than the last.</returns>
    public abstract bool Add(MetricPoint point, long time, bool isDelta, long? zeroAt);

    /// <summary>Forgets what is older.</summary>
    public abstract void Trim(long before);

    /// <summary>The points from a time on.</summary>
    public abstract SeriesData Read(Instrument instrument, long from);

    /// <summary>The growth per second between two sums; a smaller sum than before has been counted anew.</summary>
    protected static double Rate(long fromTime, double from, long toTime, double to) =>
        toTime <= fromTime ? double.NaN : (to >= from ? to - from : to) * 1000 / (toTime - fromTime);

    protected static bool IsSameSecond(long left, long right) => left / 1000 == right / 1000;
}
