using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Fields;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Freshness;

/// <summary>How long a response is fresh, and how old it is when it comes (RFC 9111, section 4.2).</summary>
internal static class FreshnessRules
{
    /// <summary>Statuses for which a lifetime may be guessed (RFC 9110, section 15.1).</summary>
    public static bool IsHeuristicallyCacheable(int status) => status is 200 or 203 or 204 or 206 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>The lifetime, and whether it is a guess.</summary>
    public static (TimeSpan Lifetime, bool IsHeuristic) Lifetime(
        int status, IHeaderDictionary headers, ResponseDirectives directives, DateTimeOffset responseTime, HttpCacheOptions options)
    {
        if (directives.Lifetime is { } seconds)
            return (TimeSpan.FromSeconds(seconds), false);
        var date = HttpDate.Parse(headers.Date) ?? responseTime;
        if (!directives.IsTargeted && headers.Expires.Count > 0)
        {
            // One that is no date lies in the past (section 5.3).
            var left = HttpDate.Parse(headers.Expires) is { } expires ? expires - date : TimeSpan.Zero;
            return (left > TimeSpan.Zero ? left : TimeSpan.Zero, false);
        }

        if (!IsHeuristicallyCacheable(status) && !directives.Public)
            return (TimeSpan.Zero, false);
        if (HttpDate.Parse(headers.LastModified) is not { } modified || modified >= date || headers.SetCookie.Count > 0)
            return (TimeSpan.Zero, false);
        var guess = (date - modified) * options.HeuristicFraction;
        return (guess < options.HeuristicLimit ? guess : options.HeuristicLimit, true);
    }

    /// <summary>The corrected initial age (section 4.2.3).</summary>
    public static TimeSpan InitialAge(IHeaderDictionary headers, DateTimeOffset requestTime, DateTimeOffset responseTime)
    {
        var apparent = HttpDate.Parse(headers.Date) is { } date && responseTime > date ? responseTime - date : TimeSpan.Zero;
        var corrected = AgeOf(headers) + (responseTime - requestTime);
        return apparent > corrected ? apparent : corrected;
    }

    /// <summary>Of several values the first one counts; one that is no number counts as none (section 5.1).</summary>
    private static TimeSpan AgeOf(IHeaderDictionary headers)
    {
        if (headers.Age.Count == 0)
            return TimeSpan.Zero;
        var first = headers.Age[0].AsSpan();
        var comma = first.IndexOf(',');
        return DeltaSeconds.TryParse((comma < 0 ? first : first[..comma]).Trim(" \t"), out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
    }
}
