namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>What a request counts against.</summary>
/// <param name="Policy">Which kind of limit, such as <c>tenant</c>: lower-case letters, digits and <c>-</c>. It is told to the caller.</param>
/// <param name="Id">Whose, within the policy, such as the tenant's id. Never a secret.</param>
/// <param name="Tier">By which terms: the name of one that was given to <see cref="RateLimitBuilder.AddTier"/>.</param>
public readonly record struct RatePartition(string Policy, string Id, string Tier);
