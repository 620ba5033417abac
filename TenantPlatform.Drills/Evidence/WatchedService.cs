namespace TenantPlatform.Drills.Evidence;

/// <summary>A service whose pods may be watched. One caller at a time.</summary>
internal sealed class WatchedService(ProbeTenantSource tenants, IReadOnlyList<WatchedPod> pods, DrillEvidenceOptions options)
{
    private long? _revision;

    /// <summary>What asks each of the pods that are to be asked; none, and no tenant for it, when there is no such pod.</summary>
    /// <exception cref="DrillException">The tenant-manager is away or refuses.</exception>
    public async Task<IReadOnlyList<PodProbe>> ProbesAsync(Func<WatchedPod, bool> isAsked, HttpClient http, CancellationToken cancellationToken)
    {
        var asked = pods.Where(isAsked).ToList();
        if (asked.Count == 0)
            return [];
        var tenant = await tenants.GetAsync(cancellationToken);
        var revision = await KnownRevisionAsync(tenant, cancellationToken);
        return [.. asked.Select(pod => new PodProbe(pod.Name, new Uri(new Uri(pod.Endpoint.Url), options.Path), tenant, revision, http, options))];
    }

    // While the tenant-manager is away its tenants do not change.
    private async Task<long> KnownRevisionAsync(ProbeTenant tenant, CancellationToken cancellationToken)
    {
        try
        {
            _revision = await tenants.RevisionAsync(tenant, cancellationToken);
        }
        catch (DrillException) when (_revision is not null)
        {
            // The one known before.
        }

        return _revision.Value;
    }
}
