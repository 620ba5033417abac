using System.Runtime.InteropServices;

namespace Cache.Core.Rates;

/// <summary>The terms of a rate limit: how many come back in a period, and how many may be taken at once.</summary>
/// <param name="Count">How many come back in <paramref name="Period"/>; 1 or more.</param>
/// <param name="Period">In what time; each comes back by itself, in a whole number of microseconds, rounded up.</param>
/// <param name="Burst">How many may be taken at once when nothing is missing; 1 or more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateTerms(long Count, TimeSpan Period, long Burst)
{
    /// <summary>The longest that a limit may take until it is whole.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>In how many microseconds one comes back.</summary>
    internal long Interval => (long)Math.Ceiling((double)(Period.Ticks / TimeSpan.TicksPerMicrosecond) / Count);

    /// <summary>In how many microseconds all that can be missing comes back.</summary>
    internal long Whole => Interval * Burst;

    /// <summary>How long until a limit of which everything is missing is whole.</summary>
    public TimeSpan UntilWhole => TimeSpan.FromMicroseconds(Whole);

    /// <exception cref="ArgumentException">They are out of range.</exception>
    internal static void Check(RateTerms terms)
    {
        var (count, period, burst) = terms;
        if (count < 1 || burst < 1 || period < TimeSpan.FromMicroseconds(1))
            throw new ArgumentException($"A rate limit of {count} in {period}, {burst} at once, is none: each must be above 0.", nameof(terms));
        if (period > Longest || Math.BigMul(terms.Interval, burst) > Longest.Ticks / TimeSpan.TicksPerMicrosecond)
            throw new ArgumentException($"A rate limit of {count} in {period}, {burst} at once, takes more than {Longest.TotalDays} days until it is whole.", nameof(terms));
    }
}
