using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.HttpGuards.Tests.Hosting;

/// <summary>Callers of tests say who they are, and by which tier, in headers.</summary>
internal sealed class HeaderScope : IIdempotencyScope, IRatePartitions
{
    public const string Caller = "X-Test-Caller";
    public const string Tier = "X-Test-Tier";

    public ValueTask<string?> OfAsync(HttpContext context) => ValueTask.FromResult(context.Request.Headers[Caller].FirstOrDefault());

    public IReadOnlyList<RatePartition> Of(HttpContext context) =>
        context.Request.Headers[Caller].FirstOrDefault() is { } caller
            ? [.. (context.Request.Headers[Tier].FirstOrDefault() ?? "standard").Split(',').Select(tier => new RatePartition(tier == "all" ? "everybody" : "tenant", tier == "all" ? "all" : caller, tier))]
            : [];
}
