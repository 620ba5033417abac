using System.Globalization;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Testbed;

/// <summary>Waits for resources to become healthy, and says of one that does not what it was doing.</summary>
public static class StartWatch
{
    private const int Lines = 25;
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(5);

    /// <summary>Returns when all of them are healthy.</summary>
    /// <exception cref="PlatformException">One has ended, or has not become healthy in time: the message names it, its state and its last lines.</exception>
    public static async Task HealthyAsync(DistributedApplication app, IReadOnlyCollection<string> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(resources);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = resources.ToDictionary(name => name, name => WaitAsync(app, name, failed.Token), StringComparer.Ordinal);
        try
        {
            await foreach (var finished in Task.WhenEach(waits.Values).WithCancellation(cancellationToken))
                await finished;
        }
        catch (Exception exception) when (exception is OperationCanceledException or DistributedApplicationException)
        {
            // Those that ended are the cause; those that merely wait come after them.
            var guilty = waits.Where(wait => wait.Value.IsFaulted).Select(wait => wait.Key).DefaultIfEmpty(waits.First(wait => !wait.Value.IsCompletedSuccessfully).Key);
            throw new PlatformException(await DescribeAsync(app, [.. guilty]));
        }
        finally
        {
            await failed.CancelAsync();
        }
    }

    private static Task WaitAsync(DistributedApplication app, string name, CancellationToken cancellationToken) =>
        app.ResourceNotifications.WaitForResourceHealthyAsync(name, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    private static async Task<string> DescribeAsync(DistributedApplication app, IReadOnlyCollection<string> resources)
    {
        var text = new StringBuilder();
        foreach (var name in resources)
        {
            var resource = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(candidate => candidate.Name == name);
            var now = app.ResourceNotifications.TryGetCurrentState(name, out var current) ? current.Snapshot : null;
            text.AppendLine(CultureInfo.InvariantCulture, $"'{name}' did not become healthy: it is {now?.State?.Text ?? "unknown"}, {now?.HealthStatus?.ToString() ?? "not checked"}.");
            foreach (var check in now?.HealthReports.Where(report => report.Status != HealthStatus.Healthy) ?? [])
                text.AppendLine(CultureInfo.InvariantCulture, $"   check {check.Name}: {check.Status?.ToString() ?? "not run"} {check.Description}");
            foreach (var line in await LastLinesAsync(app, resource))
                text.Append("   ").AppendLine(line);
        }

        return text.ToString();
    }

    /// <summary>What a resource wrote last; empty when it wrote nothing.</summary>
    public static async Task<IReadOnlyList<string>> LastLinesAsync(DistributedApplication app, IResource resource)
    {
        ArgumentNullException.ThrowIfNull(app);
        var lines = new List<string>();
        using var limit = new CancellationTokenSource(LogLimit);
        try
        {
            await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(resource).WithCancellation(limit.Token))
                lines.AddRange(batch.Select(line => line.Content));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            lines.Add($"(its log could not be read: {exception.Message})");
        }

        return [.. lines.TakeLast(Lines)];
    }
}
