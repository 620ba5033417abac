using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TenantPlatform.HttpGuards.Diagnostics;

/// <summary>The meter <c>TenantPlatform.HttpGuards</c>. No tenants, keys or callers in its tags.</summary>
internal static class GuardMetrics
{
    public const string Name = "TenantPlatform.HttpGuards";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Decisions = Meter.CreateCounter<long>(
        "http.rate_limit.decisions", "{decision}", "Decisions of rate limits, by policy, tier, outcome (allowed, refused) and who counted (shared, local).");

    private static readonly Counter<long> Keyed = Meter.CreateCounter<long>(
        "http.idempotency.requests",
        "{request}",
        "Requests with an idempotency key, by outcome: kept, replayed, released, in_flight, mismatch, invalid, uncovered, unavailable, unkept, too_long.");

    private static readonly ConcurrentDictionary<(string Tier, bool IsAllowed), long> Sums = new();

    public static void Decided(string policy, string tier, bool isAllowed, bool isLocal)
    {
        Sums.AddOrUpdate((tier, isAllowed), 1, static (_, sum) => sum + 1);
        Decisions.Add(
            1,
            new KeyValuePair<string, object?>("policy", policy),
            new KeyValuePair<string, object?>("tier", tier),
            new KeyValuePair<string, object?>("outcome", isAllowed ? "allowed" : "refused"),
            new KeyValuePair<string, object?>("counted", isLocal ? "local" : "shared"));
    }

    /// <summary>How many decisions of a tier there were since the process started, for whoever asks without the meter.</summary>
    public static long Sum(string tier, bool isAllowed) => Sums.GetValueOrDefault((tier, isAllowed));

    public static void Ended(string outcome) => Keyed.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
