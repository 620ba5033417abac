using TenantManager.Contracts.Pods;

namespace TenantManager.Api.Guards;

/// <summary>Rate limits as they are set.</summary>
/// <param name="Instance">The instance that has answered; its decisions are counted.</param>
/// <param name="IsEnabled">Whether anything is limited.</param>
/// <param name="Instances">Among how many instances limits are divided while Valkey is away.</param>
/// <param name="Tiers">The tiers, by name.</param>
internal sealed record RateLimitsView(string Instance, bool IsEnabled, int Instances, IReadOnlyList<RateTierReport> Tiers);
