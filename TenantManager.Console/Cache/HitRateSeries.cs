namespace TenantManager.Console.Cache;

/// <summary>How the hit rate of a service in a tier has gone.</summary>
/// <param name="Service">The service.</param>
/// <param name="Tier">The tier.</param>
/// <param name="Points">Oldest first.</param>
public sealed record HitRateSeries(string Service, string Tier, IReadOnlyList<HitRate> Points)
{
    /// <summary>The latest rate that there was.</summary>
    public double? Latest => Points.LastOrDefault(static point => point.Rate is not null)?.Rate;
}
