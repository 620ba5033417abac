using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Freshness;

/// <summary>
/// Errors that a request may have brought upon itself by what is not in its key: stored, they would be everybody's (cache-poisoned denial
/// of service: oversized header, meta characters).
/// </summary>
internal static class BlamedRequest
{
    /// <summary>A reason why a response was not stored.</summary>
    public const string Reason = "blames-request";

    /// <summary>What every server takes without complaint: limits begin at 8 KB.</summary>
    private const long Ordinary = 4 * 1024;

    /// <summary>Whether an answer may be one to this request alone.</summary>
    public static bool IsOf(int status, IHeaderDictionary request) => status switch
    {
        < 400 or 404 or 405 or 410 or 414 or 451 => false,

        // Timing, framing, size, expectation, connection, a missing condition.
        408 or 411 or 412 or 413 or 417 or 421 or 426 or 428 or 429 or 431 or 494 => true,
        _ => IsOdd(request),
    };

    private static bool IsOdd(IHeaderDictionary request)
    {
        var weight = 0L;
        foreach (var (name, values) in request)
        {
            weight += name.Length;
            foreach (var value in values)
            {
                weight += value?.Length ?? 0;
                if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                    return true;
            }
        }

        return weight > Ordinary;
    }
}
