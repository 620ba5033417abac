namespace TenantPlatform.FaultProxy.Control;

/// <summary>The body of <c>PUT /links/{name}/fault</c>, as sent.</summary>
/// <param name="Kind">cut, blackhole, halfOpen, reset, slow or bandwidth.</param>
/// <param name="Latency">For slow: such as <c>50ms</c>.</param>
/// <param name="Jitter">For slow: at most the latency; none unless told.</param>
/// <param name="BytesPerSecond">For bandwidth: what all connections share, each way.</param>
/// <param name="Direction">toServer, toClient or both; for halfOpen one of the first two; for slow and bandwidth both unless told.</param>
/// <param name="Share">The part of the connections that is affected, 0 to 1; all unless told.</param>
/// <param name="Connections">all, existing or new; all unless told.</param>
/// <param name="For">After how long the link heals by itself; when told, unless told.</param>
internal sealed record FaultBody(
    string? Kind,
    string? Latency,
    string? Jitter,
    long? BytesPerSecond,
    string? Direction,
    double? Share,
    string? Connections,
    string? For);
