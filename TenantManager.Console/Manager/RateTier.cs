namespace TenantManager.Console.Manager;

/// <summary>A tier of rate limits; no count: it has no limit.</summary>
public sealed record RateTier(string Name, string Variable, long? Count, double? PeriodSeconds, long? Burst, long Allowed, long Refused);
