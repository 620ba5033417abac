namespace TenantPlatform.AppHost.Pods;

/// <summary>The pods of one service.</summary>
/// <param name="Service">The service, as the tenant-manager names it.</param>
/// <param name="Running">Those that run from the start.</param>
/// <param name="Spare">Those that wait to be started.</param>
internal sealed record PodGroup(
    string Service, IReadOnlyList<IResourceBuilder<ProjectResource>> Running, IReadOnlyList<IResourceBuilder<ProjectResource>> Spare)
{
    /// <summary>All of them.</summary>
    public IEnumerable<IResourceBuilder<ProjectResource>> All => Running.Concat(Spare);
}
