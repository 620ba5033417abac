using Cache.Core.Rates;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>How requests are limited. Read once, at start.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Whether anything is limited at all.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>The service, whose limits are its own: a part of the keys.</summary>
    public required string Service { get; init; }

    /// <summary>The terms by tier; null for a tier without a limit.</summary>
    public required IReadOnlyDictionary<string, RateTerms?> Tiers { get; init; }

    /// <summary>Among how many instances the limits are divided while Valkey is away.</summary>
    public required int Instances { get; init; }

    /// <summary>How long a request waits for Valkey's count before this instance's own decides.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How a refusal is written; null for <c>{"code","title","message"}</c>.</summary>
    public Func<HttpContext, GuardRefusal, Task>? WriteRefusal { get; init; }
}
