using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>One of several replicas of a resource.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="Health">Its health while it runs.</param>
/// <param name="ExitCode">How it last ended.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Started">When it last started.</param>
/// <param name="Commands">What can be done to it alone.</param>
internal sealed record ReplicaView(
    string Id, string? State, HealthStatus? Health, int? ExitCode, string? Url, DateTime? Started, IReadOnlyList<CommandView> Commands);
