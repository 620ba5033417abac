namespace TenantManager.Console.Cache;

/// <summary>Lookups of a service in a tier since its pods started.</summary>
/// <param name="Service">The service.</param>
/// <param name="Tier">The tier.</param>
/// <param name="Found">Lookups that found a value, stale ones among them.</param>
/// <param name="All">All lookups.</param>
public sealed record TierSample(string Service, string Tier, long Found, long All);
