using TenantPlatform.Servers;

namespace TenantPlatform.AppHost.Pods;

/// <summary>What a pod serves by that starts while Valkey and the tenant-manager are both away.</summary>
internal static class LastKnownGoodExtensions
{
    /// <summary>Has a pod keep its tenants' configuration in an encrypted file of its own.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="keys">The file's keys; null: it keeps none.</param>
    public static IResourceBuilder<ProjectResource> WithLastKnownGood(this IResourceBuilder<ProjectResource> pod, IResourceBuilder<ParameterResource>? keys) =>
        keys is null
            ? pod
            : pod.WithKeptFile("CACHE_LAST_KNOWN_GOOD_PATH", "last-known-good").WithEnvironment("CACHE_LAST_KNOWN_GOOD_ENCRYPTION_KEYS", keys);
}
