using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>Whoever calls, counted by key and by tenant.</summary>
internal sealed class Caller : IRatePartitions, IIdempotencyScope
{
    public IReadOnlyList<RatePartition> Of(HttpContext context) => [new("key", "benchmark", "all"), new("tenant", "018f4e2a5a7c70008000000000000000", "all")];

    public ValueTask<string?> OfAsync(HttpContext context) => ValueTask.FromResult<string?>("benchmark");
}
