using TenantManager.Contracts;

namespace TenantPlatform.Observer.Reporting;

/// <summary><c>/observations</c>: the summary, for a look without a metrics system. Counts and ages, no tenants.</summary>
internal static class ObservationsApi
{
    public static void MapObservations(this WebApplication app) =>
        app.MapGet("/observations", static (Observations observations) => Results.Json(observations.Summarize(), ContractJson.Options));
}
