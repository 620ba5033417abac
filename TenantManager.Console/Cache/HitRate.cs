namespace TenantManager.Console.Cache;

/// <summary>The hit rate of a service in a tier over one interval; null: nobody has looked anything up.</summary>
/// <param name="At">When the interval ended.</param>
/// <param name="Rate">0 to 1.</param>
public sealed record HitRate(DateTimeOffset At, double? Rate);
