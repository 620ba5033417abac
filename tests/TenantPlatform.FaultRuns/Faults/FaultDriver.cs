using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Faults;

/// <summary>Makes the faults of a schedule, one after another, and writes down when they really were.</summary>
internal sealed class FaultDriver(RunningPlatform platform, Recorder recorder)
{
    /// <summary>How long making a fault or taking it away may take: a process has to start on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public async Task RunAsync(IReadOnlyList<PlannedFault> schedule, CancellationToken cancellationToken)
    {
        foreach (var planned in schedule)
        {
            var wait = planned.Start - recorder.Now;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellationToken);
            await RunAsync(planned, cancellationToken);
        }
    }

    private async Task RunAsync(PlannedFault planned, CancellationToken cancellationToken)
    {
        var dropsFrom = recorder.Now;
        if (planned.DropsEvents)
            await WithinLimitAsync(FaultCatalog.EventsDropped.Begin, string.Empty);
        var began = recorder.Now;
        try
        {
            await WithinLimitAsync(planned.Fault.Begin, planned.Pod);
            await Task.Delay(planned.Hold, cancellationToken);
        }
        finally
        {
            await WithinLimitAsync(planned.Fault.End, planned.Pod);
            recorder.Add(new FaultPeriod(planned.Fault.Name, began, recorder.Now, planned.Fault.Reach, planned.Fault.IsOfAPod ? planned.Pod : null));
            if (planned.DropsEvents)
            {
                await WithinLimitAsync(FaultCatalog.EventsDropped.End, string.Empty);
                recorder.Add(new FaultPeriod(FaultCatalog.EventsDropped.Name, dropsFrom, recorder.Now, FaultCatalog.EventsDropped.Reach));
            }
        }
    }

    private async Task WithinLimitAsync(Func<RunningPlatform, string, CancellationToken, Task> act, string pod)
    {
        using var limit = new CancellationTokenSource(Limit);
        await act(platform, pod, limit.Token);
    }
}
