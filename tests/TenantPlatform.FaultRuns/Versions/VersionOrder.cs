using TenantPlatform.FaultRuns.Faults;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Versions;

/// <summary>Which pods are of which version in a run, from its beginning to its end.</summary>
/// <param name="Name">As the report shows it.</param>
/// <param name="First">The version of the pod with this number, of the seed, at the beginning.</param>
/// <param name="Last">The version that the pods are restarted into, one after another; null: each stays what it is.</param>
internal sealed record VersionOrder(string Name, Func<int, int, PodVersion> First, PodVersion? Last)
{
    public static IReadOnlyList<VersionOrder> All { get; } =
    [
        new("mixed", static (pod, seed) => (pod + seed) % 2 == 0 ? PodVersion.Present : PodVersion.Other, Last: null),
        new("upgrade", static (_, _) => PodVersion.Other, PodVersion.Present),
        new("downgrade", static (_, _) => PodVersion.Present, PodVersion.Other),
    ];

    /// <summary>What a change of version is called among the faults.</summary>
    public string FaultName => $"pod-{Name}";

    /// <summary>Restarts the pods that are not of the version that they begin with.</summary>
    public async Task BeginAsync(RunningPlatform platform, PodPrograms programs, IReadOnlyList<string> pods, int seed, CancellationToken stop)
    {
        for (var n = 0; n < pods.Count; n++)
        {
            if (programs.Of(pods[n]) == First(n, seed))
                continue;
            programs.Choose(pods[n], First(n, seed));
            await platform.Resources.RestartAsync(pods[n], stop);
        }
    }

    /// <summary>A schedule with the changes of version in between, spread over the run.</summary>
    public IReadOnlyList<PlannedFault> Among(IReadOnlyList<PlannedFault> faults, PodPrograms programs, IReadOnlyList<string> pods, TimeSpan length)
    {
        if (Last is not { } last)
            return faults;
        var change = new Fault(
            FaultName,
            Reach.Pod | Reach.Process,
            (platform, pod, stop) =>
            {
                programs.Choose(pod, last);
                return platform.Resources.RestartAsync(pod, stop);
            },
            static (_, _, _) => Task.CompletedTask);
        return [.. faults.Concat(pods.Select((pod, n) => new PlannedFault(change, pod, length * (n + 1) / (pods.Count + 1), TimeSpan.Zero, DropsEvents: false))).OrderBy(planned => planned.Start)];
    }
}
