using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills.Evidence;

/// <summary>A pod that may be watched.</summary>
/// <param name="Name">Its resource's name.</param>
/// <param name="Endpoint">Where it is asked.</param>
internal sealed record WatchedPod(string Name, EndpointReference Endpoint);
