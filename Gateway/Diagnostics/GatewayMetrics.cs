using System.Diagnostics.Metrics;

namespace Gateway.Diagnostics;

/// <summary>The meter <c>Gateway</c>. Tags name clusters, never addresses.</summary>
internal static class GatewayMetrics
{
    public const string MeterName = "Gateway";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("gateway.retries", "{request}", "Requests sent to another destination because one gave no answer, by cluster.");

    public static void Retried(string cluster) => Retries.Add(1, new KeyValuePair<string, object?>("gateway.cluster", cluster));
}
