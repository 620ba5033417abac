using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Errors;
using TenantManager.Contracts;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Drills;

/// <summary><c>/drills/faults</c>: lets drills make the tenant-manager ill. Exists in the Development environment only.</summary>
internal static class DrillsApi
{
    private const int LongestLatency = 120_000;

    /// <summary>Applies the plan to the API itself; health, diagnostics and drills stay well.</summary>
    public static void UseDrills(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            return;
        var faults = app.Services.GetRequiredService<Faults>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            var plan = faults.Current;
            if (context.Request.Path.StartsWithSegments("/v1") && !context.Request.Path.StartsWithSegments("/v1/dev"))
            {
                if (plan.LatencyMs > 0 && Random.Shared.NextDouble() < plan.LatencyShare)
                    await Task.Delay(TimeSpan.FromMilliseconds(plan.LatencyMs), time, context.RequestAborted);
                if (Random.Shared.NextDouble() < plan.ErrorShare)
                    throw new ApiException(plan.ErrorStatus, new ApiError("DRILL", "Drill", "A drill asked for this error."));
            }

            await next(context);
        });
    }

    public static void MapDrills(this WebApplication app)
    {
        var drills = app.MapGroup("/drills/faults").WithTags("Drills");
        drills.MapGet("/", (Faults faults) => TypedResults.Ok(faults.Current)).WithName("getFaults");
        drills.MapPut("/", SetAsync).Accepts<FaultPlan>("application/json").WithName("setFaults");
        drills.MapDelete("/", (Faults faults) => TypedResults.Ok(faults.Current = new FaultPlan())).WithName("clearFaults");
    }

    private static async Task<Ok<FaultPlan>> SetAsync(HttpRequest request, Faults faults)
    {
        var plan = await JsonBody.ReadAsync<FaultPlan>(request);
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (plan.LatencyMs is < 0 or > LongestLatency)
            wrong["latencyMs"] = $"must be 0 to {LongestLatency}";
        if (plan.LatencyShare is not (>= 0 and <= 1))
            wrong["latencyShare"] = "must be 0 to 1";
        if (plan.ErrorShare is not (>= 0 and <= 1))
            wrong["errorShare"] = "must be 0 to 1";
        if (plan.ErrorStatus is < 400 or > 599)
            wrong["errorStatus"] = "must be 400 to 599";
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
        return TypedResults.Ok(faults.Current = plan);
    }
}
