using System.Text.Json;
using TenantManager.Contracts.Pods;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What pods say that their caches have counted, from one look to the next.</summary>
internal sealed class TierCounts
{
    private Dictionary<(string Pod, string Tier), (long Hits, long All)> _before = [];

    /// <summary>The hit rates since the look before of those pods that were there then and have gone on counting; null without a look-up.</summary>
    /// <param name="pods">What <c>GET /v1/pods</c> answers.</param>
    public (double? L1, double? L2) Since(JsonElement pods)
    {
        var now = new Dictionary<(string Pod, string Tier), (long Hits, long All)>();
        foreach (var pod in pods.GetProperty("pods").EnumerateArray())
        {
            var name = $"{pod.GetProperty("service").GetString()}:{pod.GetProperty("instance").GetString()}:{pod.GetProperty("since").GetString()}";
            foreach (var tier in pod.GetProperty("tiers").EnumerateArray())
            {
                var hits = tier.GetProperty("hits").GetInt64() + tier.GetProperty("staleHits").GetInt64();
                now[(name, tier.GetProperty("tier").GetString()!)] = (hits, hits + tier.GetProperty("misses").GetInt64());
            }
        }

        var before = _before;
        _before = now;
        return (Rate(before, now, TierReport.L1), Rate(before, now, TierReport.L2));
    }

    private static double? Rate(
        Dictionary<(string Pod, string Tier), (long Hits, long All)> before, Dictionary<(string Pod, string Tier), (long Hits, long All)> now, string tier)
    {
        var (hits, all) = (0L, 0L);
        foreach (var ((pod, of), counted) in now)
        {
            if (of != tier || !before.TryGetValue((pod, of), out var earlier))
                continue;
            hits += counted.Hits - earlier.Hits;
            all += counted.All - earlier.All;
        }

        return all > 0 ? (double)hits / all : null;
    }
}
