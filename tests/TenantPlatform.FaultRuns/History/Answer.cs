namespace TenantPlatform.FaultRuns.History;

/// <summary>One answer of a pod, or its absence.</summary>
/// <param name="Sent">When the request left. Whatever the pod decided, it decided later.</param>
/// <param name="Received">When the answer was there. Whatever the pod decided, it decided earlier.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Process">The id of the process that answered; 0 when it did not say.</param>
/// <param name="Tenant">The tenant's number.</param>
/// <param name="Status">The HTTP status; 0 when no answer came.</param>
/// <param name="Revision">What the answer was based on, if it said so.</param>
/// <param name="Source">The tier it came from, if it said so.</param>
/// <param name="IsWrite">Whether it was a transaction.</param>
/// <param name="Detail">What a failure said of itself.</param>
/// <param name="IsCached">Whether a gateway answered from its cache.</param>
internal sealed record Answer(
    TimeSpan Sent, TimeSpan Received, string Pod, int Process, int Tenant, int Status, long? Revision, string? Source = null, bool IsWrite = false, string? Detail = null,
    bool IsCached = false)
{
    /// <summary>A revision that the tenant-manager never gives; only rubbish in L2 bears it.</summary>
    public const long Forgery = 999_999_999;

    /// <summary>What the name of a tier ends with when the answer is stale.</summary>
    public const string StaleMark = "-stale";

    /// <summary>Whether the answer was based on what the tenant-manager never said.</summary>
    public bool IsForged => Revision >= Forgery;

    /// <summary>Whether it came from L1 because nothing better was to be had.</summary>
    public bool IsStale => Source?.EndsWith(StaleMark, StringComparison.Ordinal) == true;

    /// <summary>Whether the tenant was served.</summary>
    public bool IsServed => Status is >= 200 and < 300;

    public bool IsDenied => Status == 403;

    /// <summary>Whether the request failed; a refusal of the ledger's own, such as too little money, is none.</summary>
    public bool IsFailed => Status is 0 or >= 500 or 404;
}
