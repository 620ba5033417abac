using System.Diagnostics;
using TenantPlatform.RunbookDrills.Alerts;
using TenantPlatform.RunbookDrills.Monitoring;

namespace TenantPlatform.RunbookDrills.Running;

/// <summary>Executes drills one after the other and watches the alerts meanwhile, as Prometheus tells them.</summary>
internal sealed class DrillRunner(PrometheusServer prometheus, Scene scene, Action<string> tell)
{
    private static readonly TimeSpan FireLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until the platform has been quiet for a while; says what was not.</summary>
    public async Task<IReadOnlySet<string>> QuietAsync(TimeSpan quiet, CancellationToken cancellationToken)
    {
        var fired = new HashSet<string>(StringComparer.Ordinal);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < quiet;)
        {
            fired.UnionWith((await prometheus.AlertsAsync(cancellationToken)).Where(static alert => alert.IsFiring).Select(static alert => alert.Name));
            await Task.Delay(Pause, cancellationToken);
        }

        return fired;
    }

    /// <summary>Executes one; nothing fires when it returns, unless the time was not enough.</summary>
    public async Task<IReadOnlyList<DrillResult>> RunAsync(AlertDrill drill, CancellationToken cancellationToken)
    {
        var (served, others) = (scene.Load.Served, scene.Load.Others);
        var fired = new Dictionary<string, (TimeSpan After, string About)>(StringComparer.Ordinal);
        var cause = await drill.BeginAsync(scene, cancellationToken);
        var clock = Stopwatch.StartNew();
        try
        {
            while (clock.Elapsed < FireLimit && !drill.Alerts.All(fired.ContainsKey))
            {
                foreach (var alert in await FiringAsync(cancellationToken))
                {
                    if (fired.TryAdd(alert.Name, (clock.Elapsed, alert.Labels)))
                        tell($"   {clock.Elapsed.TotalSeconds,5:0.0} s  {alert.Name} fires: {alert.Labels}: {alert.Summary}");
                }

                await Task.Delay(Pause, cancellationToken);
            }

            foreach (var missing in drill.Alerts.Except(fired.Keys, StringComparer.Ordinal))
                tell($"   {clock.Elapsed.TotalSeconds,5:0.0} s  {missing} has not fired");
        }
        finally
        {
            await cause.DisposeAsync();
        }

        var ended = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        for (clock.Restart(); clock.Elapsed < EndLimit;)
        {
            var firing = await FiringAsync(cancellationToken);
            foreach (var alert in firing)
            {
                // What fires only after the cause is gone counts as well, and must end, too; it is no proof that the alert fires.
                if (!fired.ContainsKey(alert.Name) && fired.TryAdd(alert.Name, (TimeSpan.MinValue, alert.Labels)))
                    tell($"   {clock.Elapsed.TotalSeconds,5:0.0} s after its end {alert.Name} fires: {alert.Labels}");
                ended.Remove(alert.Name);
            }

            foreach (var name in fired.Keys.Except(firing.Select(static alert => alert.Name), StringComparer.Ordinal))
            {
                if (ended.TryAdd(name, clock.Elapsed))
                    tell($"   {clock.Elapsed.TotalSeconds,5:0.0} s after its end {name} is resolved");
            }

            if (firing.Count == 0)
                break;
            await Task.Delay(Pause, cancellationToken);
        }

        tell($"   ordinary load meanwhile: {scene.Load.Served - served} requests served, {scene.Load.Others - others} not{(scene.Load.Others > 0 ? $" (since the beginning: {scene.Load.OthersByAnswer})" : string.Empty)}");
        return [.. drill.Alerts.Select(name => new DrillResult(
            name,
            drill.Cause,
            fired.TryGetValue(name, out var seen) && seen.After >= TimeSpan.Zero ? seen.After : null,
            fired.ContainsKey(name) && ended.TryGetValue(name, out var after) ? after : null,
            seen.About ?? string.Empty))];
    }

    private async Task<IReadOnlyList<SeenAlert>> FiringAsync(CancellationToken cancellationToken) =>
        [.. (await prometheus.AlertsAsync(cancellationToken)).Where(static alert => alert.IsFiring)];
}
