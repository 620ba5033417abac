namespace TenantManager.Api.Guards;

/// <summary>A tier of rate limits; no count: it has no limit.</summary>
internal sealed record RateTierView(string Name, string Variable, long? Count, double? PeriodSeconds, long? Burst, long Allowed, long Refused);
