namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>A tier of rate limits.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Variable">The variable that sets it.</param>
/// <param name="Count">How many come back in a period; null when the tier has no limit.</param>
/// <param name="Period">In what time.</param>
/// <param name="Burst">How many may be taken at once.</param>
/// <param name="Allowed">How many requests it has let pass in this process.</param>
/// <param name="Refused">How many it has refused.</param>
public sealed record RateTierFigures(string Name, string Variable, long? Count, TimeSpan? Period, long? Burst, long Allowed, long Refused);
