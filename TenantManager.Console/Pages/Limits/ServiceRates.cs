using TenantManager.Contracts.Pods;

namespace TenantManager.Console.Pages.Limits;

/// <summary>A service's rate limits, as its pods tell them.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Pods">How many pods tell them.</param>
/// <param name="Off">How many of those limit nothing.</param>
/// <param name="Instances">Among how many pods limits are divided while Valkey is away; several where pods are set differently.</param>
/// <param name="Tiers">The tiers, with what all pods have decided by them; one that pods have set differently is there once for each.</param>
public sealed record ServiceRates(string Service, int Pods, int Off, IReadOnlyList<int> Instances, IReadOnlyList<RateTierReport> Tiers)
{
    /// <summary>The services that tell of limits, by name.</summary>
    public static IReadOnlyList<ServiceRates> Of(IEnumerable<PodReport> pods) =>
    [
        .. pods.Where(static pod => pod.Rates is not null).GroupBy(static pod => pod.Service, StringComparer.Ordinal).OrderBy(static service => service.Key, StringComparer.Ordinal)
            .Select(static service => Of(service.Key, [.. service.Select(static pod => pod.Rates!)])),
    ];

    private static ServiceRates Of(string service, List<RateReport> told) => new(
        service,
        told.Count,
        told.Count(static one => !one.IsEnabled),
        [.. told.Select(static one => one.Instances).Distinct().Order()],
        [
            .. told.SelectMany(static one => one.Tiers).GroupBy(static tier => tier with { Allowed = 0, Refused = 0 })
                .Select(static tier => tier.Key with { Allowed = tier.Total(static one => one.Allowed), Refused = tier.Total(static one => one.Refused) })
                .OrderBy(static tier => tier.Name, StringComparer.Ordinal).ThenBy(static tier => tier.Count),
        ]);
}
