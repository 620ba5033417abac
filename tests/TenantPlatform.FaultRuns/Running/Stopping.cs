using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>Ends the platform and tells how long that took, and which of its resources took longest.</summary>
internal static class Stopping
{
    private const int Slowest = 3;

    /// <summary>Returns what to print.</summary>
    public static async Task<string> EndAsync(RunningPlatform platform)
    {
        var clock = Stopwatch.StartNew();
        var ended = new ConcurrentDictionary<string, TimeSpan>(StringComparer.Ordinal);
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(platform.App.ResourceNotifications, ended, clock, watching.Token);
        string outcome;
        try
        {
            await platform.DisposeAsync();
            outcome = "stopped";
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // What was found stands; processes left over end with this one.
            outcome = $"did not stop in time ({exception.Message})";
        }

        await watching.CancelAsync();
        await watch;
        var slowest = ended.OrderByDescending(resource => resource.Value).Take(Slowest).Select(resource => $"{resource.Key} {Show.Span(resource.Value)}");
        return $"{outcome} after {Show.Span(clock.Elapsed)}: {string.Join(", ", slowest)}";
    }

    private static async Task WatchAsync(
        ResourceNotificationService notifications, ConcurrentDictionary<string, TimeSpan> ended, Stopwatch clock, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (change.Snapshot.State?.Text == KnownResourceStates.Exited)
                    ended.TryAdd(change.ResourceId, clock.Elapsed);
            }
        }
        catch (OperationCanceledException)
        {
            // Everything has stopped.
        }
    }
}
