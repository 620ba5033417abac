using System.Runtime.InteropServices;

namespace Cache.Core.Rates;

/// <summary>What a rate limit answered.</summary>
/// <param name="IsAllowed">Whether one was taken.</param>
/// <param name="Remaining">How many may still be taken at once.</param>
/// <param name="UntilWhole">How long until nothing is missing, if nobody takes any more.</param>
/// <param name="RetryAfter">How long until one may be taken; zero when one was.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateTake(bool IsAllowed, long Remaining, TimeSpan UntilWhole, TimeSpan RetryAfter)
{
    internal static RateTake Of(bool isAllowed, long remaining, long whole, long retry) =>
        new(isAllowed, remaining, TimeSpan.FromMicroseconds(whole), TimeSpan.FromMicroseconds(retry));
}
