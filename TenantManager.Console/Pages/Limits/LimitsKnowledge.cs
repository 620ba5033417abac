using TenantManager.Console.Manager;

namespace TenantManager.Console.Pages.Limits;

/// <summary>What is known of rate limits.</summary>
/// <param name="Manager">The tenant-manager's own.</param>
/// <param name="Services">Those of the services, by name; null when its pods are not known, as without Valkey.</param>
public sealed record LimitsKnowledge(RateLimits Manager, IReadOnlyList<ServiceRates>? Services);
