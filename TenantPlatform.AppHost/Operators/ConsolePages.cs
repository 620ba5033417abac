using TenantPlatform.AppHost.Pods;

namespace TenantPlatform.AppHost.Operators;

/// <summary>The way from a row of the dashboard to the console's page of the same.</summary>
internal static class ConsolePages
{
    /// <summary>Leads from each pod to its page.</summary>
    /// <param name="pods">The pods of one service.</param>
    /// <param name="console">The console.</param>
    public static PodGroup WithPagesOf(this PodGroup pods, IResourceBuilder<ProjectResource> console)
    {
        foreach (var pod in pods.All)
            pod.WithUrl($"{console.GetEndpoint("http")}/pods/{pods.Service}/{pod.Resource.Name}", "On the console");
        return pods;
    }
}
