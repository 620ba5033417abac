using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Pods;
using TenantManager.Contracts.Pods;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantManager.Api.Guards;

/// <summary><c>/v1/rate-limits</c>.</summary>
internal static class RateLimitsApi
{
    public static void MapRateLimits(this WebApplication app) =>
        app.MapGet("/v1/rate-limits", Show).WithName("showRateLimits").WithTags("Diagnostics").WithSummary("Shows this service's rate limits as they are set, and what this instance has decided by them since it started.");

    private static Ok<RateLimitsView> Show(RateLimitFigures figures, ManagerAnnouncement self) => TypedResults.Ok(new RateLimitsView(
        self.Instance,
        figures.IsEnabled,
        figures.Instances,
        [.. figures.Read().Select(static tier => new RateTierReport(tier.Name, tier.Variable, tier.Count, tier.Period?.TotalSeconds, tier.Burst, tier.Allowed, tier.Refused))]));
}
