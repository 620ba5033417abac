using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantPlatform.Drills.Evidence;

namespace TenantPlatform.Drills;

/// <summary>Lets every drill of an application answer with what its pods did meanwhile.</summary>
public static class DrillEvidenceExtensions
{
    /// <summary>
    /// Watches pods during every drill: as a tenant of its own, created at the first one, it asks each running pod again and
    /// again, and reports each one's requests, failures, answers on a stale configuration and longest cut-off. Call it once for
    /// each service.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="tenantManager">The tenant-manager's address; it must offer development tokens.</param>
    /// <param name="apiKey">A key it accepts.</param>
    /// <param name="pods">The pods.</param>
    /// <param name="options">What they are asked; null: the ledger's smallest request.</param>
    public static IDistributedApplicationBuilder AddDrillEvidence(
        this IDistributedApplicationBuilder builder,
        EndpointReference tenantManager,
        IResourceBuilder<ParameterResource> apiKey,
        IEnumerable<IResourceBuilder<ProjectResource>> pods,
        DrillEvidenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(tenantManager);
        ArgumentNullException.ThrowIfNull(apiKey);
        ArgumentNullException.ThrowIfNull(pods);
        var settings = options ?? new DrillEvidenceOptions();
        IReadOnlyList<WatchedPod> watched = [.. pods.Select(pod => new WatchedPod(pod.Resource.Name, pod.GetEndpoint("http")))];
        builder.Services.AddSingleton(new WatchedService(new ProbeTenantSource(tenantManager, apiKey.Resource, settings.Service), watched, settings));
        builder.Services.TryAddSingleton<DrillWatch>();
        return builder;
    }
}
