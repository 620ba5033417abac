namespace Cache.Core.Rates;

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371): a limit is one number, the moment at which nothing will be taken from it any
/// more. In any span of time it lets through no more than the burst and what comes back within the span.
/// </summary>
/// <remarks>What Valkey runs as a script, for whoever counts within a process. It keeps nothing: the caller does, and guards it.</remarks>
public static class Gcra
{
    /// <summary>Takes one from a limit; a refused one takes nothing.</summary>
    /// <param name="terms">The limit's terms.</param>
    /// <param name="now">The present moment in microseconds, of whichever clock.</param>
    /// <param name="whole">The moment at which the limit is whole again, by the same clock; any past one for a limit that is.</param>
    /// <exception cref="ArgumentException">The terms are out of range; the message says how.</exception>
    public static RateTake Take(RateTerms terms, long now, ref long whole)
    {
        RateTerms.Check(terms);
        var (interval, all) = (terms.Interval, terms.Whole);

        // No more can be missing than there is, wherever the clock has been.
        var from = Math.Clamp(whole, now, now + all);
        var after = from + interval;
        if (after > now + all)
            return RateTake.Of(isAllowed: false, (now + all - from) / interval, from - now, after - now - all);
        whole = after;
        return RateTake.Of(isAllowed: true, (now + all - after) / interval, after - now, retry: 0);
    }
}
