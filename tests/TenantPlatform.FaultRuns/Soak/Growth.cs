namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Whether a figure grows: the median of the latter half of the time against that of the half before, once it has settled.</summary>
/// <param name="Before">The median of the former half.</param>
/// <param name="After">The median of the latter half.</param>
/// <param name="IsGrowth">Whether that is more than may be.</param>
internal sealed record Growth(double Before, double After, bool IsGrowth)
{
    /// <summary>Fewer points say nothing.</summary>
    public const int Fewest = 12;

    /// <summary>What is left out at the beginning: caches fill, code is compiled, pools open.</summary>
    private const double SettlingShare = 0.25;

    /// <summary>Null when there are too few points.</summary>
    public static Growth? Of(Measure measure)
    {
        if (measure.Points.Count < Fewest)
            return null;
        var (first, last) = (measure.Points[0].At, measure.Points[^1].At);
        var settled = first + ((last - first) * SettlingShare);
        var middle = settled + ((last - settled) / 2);
        var before = Median([.. measure.Points.Where(point => point.At >= settled && point.At < middle).Select(point => point.Value)]);
        var after = Median([.. measure.Points.Where(point => point.At >= middle).Select(point => point.Value)]);
        return new Growth(before, after, after > (before * (1 + measure.Share)) + (measure.Slack * measure.Scale));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }
}
