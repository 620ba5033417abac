using Cache.Core.Membership;
using Microsoft.AspNetCore.Http.HttpResults;

namespace TenantManager.Api.Pods;

/// <summary><c>/v1/pods</c>.</summary>
internal static class PodsApi
{
    public static void AddPods(this IServiceCollection services)
    {
        services.AddSingleton<PodRoster>();
        services.AddSingleton<ManagerAnnouncement>();
        services.AddAnnouncement(provider => provider.GetRequiredService<ManagerAnnouncement>().Announcement);
    }

    public static void MapPods(this WebApplication app) =>
        app.MapGet("/v1/pods", ListAsync).WithName("listPods").WithTags("Pods").WithSummary("Lists the pods that are there, with what they say of themselves, by service and summed.");

    private static async Task<Ok<PodList>> ListAsync(PodRoster roster, CancellationToken cancellationToken, string? service = null)
    {
        var pods = await roster.ReadAsync(cancellationToken);
        if (service is not null)
            pods = [.. pods.Where(pod => pod.Service == service)];
        return TypedResults.Ok(new PodList(pods, PodGroup.ByService(pods), PodGroup.Of(service: null, pods)));
    }
}
