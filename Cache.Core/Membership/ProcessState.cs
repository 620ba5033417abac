using Cache.Core.Coherence;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cache.Core.Membership;

/// <summary>How a process is, in the words that it uses of itself.</summary>
public static class ProcessState
{
    /// <summary>Checks that take longer say nothing.</summary>
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(3);

    /// <summary>What the checks with the tag <c>ready</c> came to: <c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>; null when that takes more than 3 s.</summary>
    public static async Task<string?> HealthAsync(HealthCheckService checks, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checks);
        using var limit = new CancellationTokenSource(HealthLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var report = await checks.CheckHealthAsync(static check => check.Tags.Contains("ready"), either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return report.Status switch
            {
                HealthStatus.Healthy => "healthy",
                HealthStatus.Degraded => "degraded",
                _ => "unhealthy",
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Whether L1 has been told of every change: <c>proven</c>, <c>unproven</c>, or <c>off</c> where it keeps to its lifetimes alone.</summary>
    public static string CoherenceOf(ICoherence coherence, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(coherence);
        ArgumentNullException.ThrowIfNull(time);
        if (coherence is NoCoherence)
            return "off";
        return coherence.ProvenUntil > time.GetTimestamp() ? "proven" : "unproven";
    }
}
