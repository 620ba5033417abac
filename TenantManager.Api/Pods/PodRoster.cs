using System.Text.Json;
using Cache.Core.Membership;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;

namespace TenantManager.Api.Pods;

/// <summary>Reads what pods say of themselves.</summary>
internal sealed class PodRoster(IMembership membership)
{
    private const int LongestReport = 64 * 1024;

    /// <summary>The pods that are there, by service and name. What is no pod's word is passed over: anybody may write into Valkey.</summary>
    public async Task<IReadOnlyList<PodReport>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await membership.ReadAsync(PodReport.Group, cancellationToken)).Select(Parse).OfType<PodReport>()];

    private static PodReport? Parse(Member member)
    {
        if (member.Value.Length > LongestReport)
            return null;
        try
        {
            return JsonSerializer.Deserialize<PodReport>(member.Value, ContractJson.Options) is { Service: not null, Instance: not null, Tiers: not null, Routes: not null } report
                && member.Name == PodReport.NameOf(report.Service, report.Instance)
                && report.Tiers.All(static tier => tier is not null)
                && report.Routes.All(static route => route is { Route: not null })
                && report.Rates is null or { Tiers: not null }
                && report.Rates?.Tiers.All(static tier => tier is { Name: not null }) != false
                    ? report
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
