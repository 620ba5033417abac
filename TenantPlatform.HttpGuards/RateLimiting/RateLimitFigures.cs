using TenantPlatform.HttpGuards.Diagnostics;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>The rate limits of this service as they are set, and what they have decided in this process since it started.</summary>
public sealed class RateLimitFigures
{
    private readonly RateLimitOptions _options;

    internal RateLimitFigures(RateLimitOptions options) => _options = options;

    /// <summary>Whether anything is limited at all.</summary>
    public bool IsEnabled => _options.IsEnabled;

    /// <summary>Among how many instances the limits are divided while Valkey is away.</summary>
    public int Instances => _options.Instances;

    /// <summary>The tiers, by name.</summary>
    public IReadOnlyList<RateTierFigures> Read() =>
    [
        .. _options.Tiers.OrderBy(static tier => tier.Key, StringComparer.Ordinal).Select(static tier => new RateTierFigures(
            tier.Key,
            $"RATE_LIMIT_{tier.Key.ToUpperInvariant().Replace('-', '_')}",
            tier.Value?.Count,
            tier.Value?.Period,
            tier.Value?.Burst,
            GuardMetrics.Sum(tier.Key, isAllowed: true),
            GuardMetrics.Sum(tier.Key, isAllowed: false))),
    ];
}
