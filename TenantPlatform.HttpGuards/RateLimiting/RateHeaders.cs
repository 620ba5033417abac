using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>
/// Tells the caller how it stands: <c>X-RateLimit-*</c> of the tightest limit, and all of them by the IETF's draft
/// (draft-ietf-httpapi-ratelimit-headers). A policy's quota is what can be taken at once, its window the time in which all of
/// that comes back: the same rate as the limit's terms.
/// </summary>
internal static class RateHeaders
{
    public static void Write(HttpResponse response, IReadOnlyList<RateStanding> standings)
    {
        var (tightest, policies, states) = (standings[0], string.Empty, string.Empty);
        foreach (var standing in standings)
        {
            if (!standing.Take.IsAllowed || (tightest.Take.IsAllowed && standing.Take.Remaining < tightest.Take.Remaining))
                tightest = standing;
            var between = policies.Length > 0 ? ", " : string.Empty;
            policies = string.Create(CultureInfo.InvariantCulture, $"{policies}{between}\"{standing.Policy}\";q={standing.Terms.Burst};w={Seconds(standing.Terms.UntilWhole)}");
            states = string.Create(CultureInfo.InvariantCulture, $"{states}{between}\"{standing.Policy}\";r={standing.Take.Remaining};t={Seconds(standing.Take.UntilWhole)}");
        }

        var headers = response.Headers;
        headers["X-RateLimit-Limit"] = tightest.Terms.Burst.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = tightest.Take.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Seconds(tightest.Take.UntilWhole).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Policy"] = policies;
        headers["RateLimit"] = states;
        if (!tightest.Take.IsAllowed)
            headers.RetryAfter = Seconds(tightest.Take.RetryAfter).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Rounded up: who waits so long has waited long enough.</summary>
    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);
}
