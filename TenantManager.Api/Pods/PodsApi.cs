using Cache.Core.Membership;
using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Tenants;

namespace TenantManager.Api.Pods;

/// <summary><c>/v1/pods</c>.</summary>
internal static class PodsApi
{
    public static void AddPods(this IServiceCollection services)
    {
        services.AddSingleton<PodRoster>();
        services.AddSingleton<PodQuestions>();
        services.AddSingleton<ManagerAnnouncement>();
        services.AddAnnouncement(provider => provider.GetRequiredService<ManagerAnnouncement>().Announcement);
    }

    public static void MapPods(this WebApplication app)
    {
        app.MapGet("/v1/pods", ListAsync).WithName("listPods").WithTags("Pods").WithSummary("Lists the pods that are there, with what they say of themselves, by service and summed.");
        app.MapGet("/v1/tenants/{tenant}/bases", AskAsync).WithName("askPods").WithTags("Pods").WithSummary("Asks every pod what it would answer a tenant on at this moment: source, outcome and revision.");
    }

    private static async Task<Ok<PodBases>> AskAsync(string tenant, HttpContext context, PodQuestions questions, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await questions.AskAsync(TenantsApi.Id(tenant), cancellationToken));
    }

    private static async Task<Ok<PodList>> ListAsync(PodRoster roster, CancellationToken cancellationToken, string? service = null)
    {
        var pods = await roster.ReadAsync(cancellationToken);
        if (service is not null)
            pods = [.. pods.Where(pod => pod.Service == service)];
        return TypedResults.Ok(new PodList(pods, PodGroup.ByService(pods), PodGroup.Of(service: null, pods)));
    }
}
