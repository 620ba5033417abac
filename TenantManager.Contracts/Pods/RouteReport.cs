namespace TenantManager.Contracts.Pods;

/// <summary>What the HTTP cache of a process, or of several, has done for the requests of one route since they started.</summary>
/// <param name="Route">The route's name; never an address.</param>
/// <param name="Hits">Requests answered by what is fresh, or what the origin has confirmed.</param>
/// <param name="StaleHits">Requests answered by what is past its lifetime.</param>
/// <param name="Misses">Requests answered by the origin.</param>
/// <param name="Bypassed">Requests that are not the cache's to answer.</param>
/// <param name="SavedBytes">Bytes of bodies that the origin did not have to send.</param>
public sealed record RouteReport(string Route, long Hits, long StaleHits, long Misses, long Bypassed, long SavedBytes)
{
    /// <summary>A pod tells of no more routes than this: those that most requests came by.</summary>
    public const int Most = 100;

    /// <summary>All requests.</summary>
    public long Requests => Hits + StaleHits + Misses + Bypassed;

    /// <summary>Requests answered by the cache over all requests, 0 to 1; null before the first.</summary>
    public double? HitRate => Requests is > 0 and var all ? Math.Round((Hits + StaleHits) / (double)all, 4) : null;
}
