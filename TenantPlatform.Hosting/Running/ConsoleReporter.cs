using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace TenantPlatform.Hosting.Running;

/// <summary>Tells on the console what comes up, and once all of it is healthy, what runs where.</summary>
internal sealed class ConsoleReporter(Orchestrator orchestrator, Observatory observatory, ResourceNotificationService notifications, RunContext run, TimeProvider time) : BackgroundService
{
    private readonly long _began = time.GetTimestamp();
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private bool _isTableShown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                Say(change);
                if (!_isTableShown && orchestrator.Controllers.All(IsUp))
                {
                    _isTableShown = true;
                    ShowTable();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private void Say(ResourceEvent change)
    {
        var (name, snapshot) = (change.ResourceId, change.Snapshot);
        if (change.Resource is ParameterResource && snapshot.State?.Text != KnownResourceStates.FailedToStart)
            return;
        var state = State(snapshot);
        if (state is "NotStarted" or "Starting" || (_said.TryGetValue(name, out var before) && before == state))
            return;
        _said[name] = state;
        var detail = snapshot.Properties.FirstOrDefault(property => property.Name is ResourceProperties.Origin or ResourceProperties.Failure)?.Value;
        Console.WriteLine($"{time.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {name,-22} {state,-10} {snapshot.Urls.FirstOrDefault()?.Url,-26} {detail}");
    }

    private void ShowTable()
    {
        Console.WriteLine();
        Console.WriteLine($"{"name",-22} {"state",-10} {"address",-26} {"process",8}  what");
        foreach (var controller in orchestrator.Controllers.Where(controller => controller.Resource is not ParameterResource))
        {
            if (!notifications.TryGetCurrentState(controller.Replica.Id, out var now))
                continue;
            var snapshot = now.Snapshot;
            Console.WriteLine(
                $"{controller.Replica.Id,-22} {State(snapshot),-10} {snapshot.Urls.FirstOrDefault()?.Url,-26} {Fact(snapshot, ResourceProperties.ProcessId),8}  {Fact(snapshot, ResourceProperties.Origin)}");
        }

        Console.WriteLine();
        if (observatory.LoginAddress is { } dashboard)
            Console.WriteLine($"Dashboard: {dashboard}");
        Console.WriteLine($"All healthy after {time.GetElapsedTime(_began).TotalSeconds:0.0} s. Logs: {run.LogDirectory}/<name>.log   Ctrl+C stops everything.");
        Console.WriteLine();
    }

    private bool IsUp(ResourceController controller) =>
        controller.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()
        || (notifications.TryGetCurrentState(controller.Replica.Id, out var now) && now.Snapshot.HealthStatus == HealthStatus.Healthy);

    private static string State(CustomResourceSnapshot snapshot) => snapshot switch
    {
        { HealthStatus: HealthStatus.Healthy } => "Healthy",
        { State.Text: "Exited", ExitCode: { } code and not 0 } => $"Exited {code}",
        { State.Text: var text } => text,
        _ => "?",
    };

    private static object? Fact(CustomResourceSnapshot snapshot, string name) => snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value;
}
