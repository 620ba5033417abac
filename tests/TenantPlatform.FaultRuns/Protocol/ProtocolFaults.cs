using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultRuns.History;
using LinkFault = TenantPlatform.FaultProxy.Faults.Fault;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>What breaks in a run of the protocol: each pod's channel and ways by itself, and Valkey for all.</summary>
internal sealed class ProtocolFaults(ProtocolProfile profile, ProtocolServer server, IReadOnlyList<ProtocolPod> pods, Recorder recorder, Dice dice)
{
    public Task RunAsync(CancellationToken stop)
    {
        var pace = profile.LosesEvery is { } loses ? RunServerAsync(loses, stop) : Task.CompletedTask;
        return Task.WhenAll((profile.Faults.Count > 0 ? pods.Select(pod => RunAsync(pod, stop)) : []).Append(pace));
    }

    private async Task RunAsync(ProtocolPod pod, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(dice.Between(profile.FaultsEvery.Least, profile.FaultsEvery.Most), stop);
                await BreakAsync(pod, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ends.
        }
    }

    private Task BreakAsync(ProtocolPod pod, CancellationToken stop) => (pod.Pushes is null ? PodFault.Isolated : dice.Of(profile.Faults)) switch
    {
        PodFault.Isolated => IsolateAsync(pod, stop),
        PodFault.PushesCut => OnLinkAsync(pod, "pushes-cut", new LinkFault(FaultKind.Cut), dice.Between(100, 800), stop),
        PodFault.PushesCutForLong => OnLinkAsync(pod, "pushes-cut-for-long", new LinkFault(FaultKind.Cut), dice.Between(1500, 2500), stop),
        PodFault.PushesSwallowed => OnLinkAsync(pod, "pushes-swallowed", new LinkFault(FaultKind.Blackhole), dice.Between(2500, 4000), stop),
        _ => OnLinkAsync(pod, "pushes-slow", new LinkFault(FaultKind.Slow) { Latency = dice.Between(100, 600) }, dice.Between(1000, 2000), stop),
    };

    private async Task OnLinkAsync(ProtocolPod pod, string name, LinkFault fault, TimeSpan hold, CancellationToken stop)
    {
        var began = recorder.Now;
        pod.Pushes!.Set(fault);
        try
        {
            await Task.Delay(hold, stop);
        }
        finally
        {
            pod.Pushes.Heal();
            recorder.Add(new FaultPeriod(name, began, recorder.Now, Reach.None, pod.Name));
        }
    }

    /// <summary>First Valkey goes, then the source as well: what the pod has learned by itself meanwhile must hold.</summary>
    private async Task IsolateAsync(ProtocolPod pod, CancellationToken stop)
    {
        var began = recorder.Now;
        pod.Fence.IsAway = true;
        try
        {
            await Task.Delay(dice.Between(300, 1500), stop);
            pod.IsSourceAway = true;
            await Task.Delay(dice.Between(500, 1500), stop);
        }
        finally
        {
            pod.IsSourceAway = false;
            pod.Fence.IsAway = false;
            recorder.Add(new FaultPeriod("isolated", began, recorder.Now, Reach.None, pod.Name));
        }
    }

    private async Task RunServerAsync((double Least, double Most) loses, CancellationToken stop)
    {
        try
        {
            for (var n = 1; ; n++)
            {
                await Task.Delay(dice.Between(loses.Least, loses.Most), stop);
                var began = recorder.Now;
                if (n % profile.FailoverOneIn != 0)
                {
                    // Twice, so that a fence of after the first meets one of after the second.
                    await server.EmptyAsync(CancellationToken.None);
                    await Task.Delay(dice.Between(200, 900), CancellationToken.None);
                    await server.EmptyAsync(CancellationToken.None);
                    recorder.Add(new FaultPeriod("flushall-twice", began, recorder.Now, Reach.None));
                    continue;
                }

                // What is acknowledged after the snapshot may be undone: nobody promises more of a store that loses writes.
                await server.SaveAsync(CancellationToken.None);
                await Task.Delay(dice.Between(400, 900), CancellationToken.None);
                await server.GoBackAsync(CancellationToken.None);
                recorder.Add(new FaultPeriod("failover", began, recorder.Now, Reach.Delivery));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ends.
        }
    }
}
