using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>Tells what a request counts against: a service's own, because it knows who calls.</summary>
public interface IRatePartitions
{
    /// <summary>
    /// The limits that a request must pass, in the order in which they are asked: one that is refused has counted against those before
    /// it. None: the request is not limited. Called after authentication, on every request; it must not wait.
    /// </summary>
    IReadOnlyList<RatePartition> Of(HttpContext context);
}
