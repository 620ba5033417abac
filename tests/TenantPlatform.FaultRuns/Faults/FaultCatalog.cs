using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Faults;

/// <summary>Every kind of fault that the runs know.</summary>
internal static class FaultCatalog
{
    private const string Valkey = "valkey";
    private const string Manager = "tenant-manager";
    private const string Links = "links";

    // What Valkey's absence takes: events, pushes and what L2 holds. A tenant-manager that starts has to find Valkey first,
    // so the first events after its start may be lost as well.
    private const Reach ValkeyAway = Reach.Delivery | Reach.SharedTier;
    private const Reach ManagerAway = Reach.Source | Reach.Delivery;

    /// <summary>The name under which times without a fault are reported.</summary>
    public const string None = "none";

    /// <summary>The fault in which the tenant-manager keeps its events to itself.</summary>
    public static Fault EventsDropped { get; } = new(
        "events-dropped",
        Reach.Delivery,
        (platform, _, stop) => platform.TenantManager.BlockEventsAsync(stop),
        (platform, _, stop) => platform.TenantManager.UnblockEventsAsync(stop));

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("pod-kill", Reach.Pod | Reach.Process, Kill, Start),
        new("pod-restart", Reach.Pod | Reach.Process, (platform, pod, stop) => platform.Resources.RestartAsync(pod, stop), Nothing),
        new("pod-pause", Reach.Pod, Command("pause"), Command("resume")),
        new("manager-kill", ManagerAway, On(Manager, Kill), On(Manager, Start)),
        new("manager-restart", ManagerAway, On(Manager, (platform, name, stop) => platform.Resources.RestartAsync(name, stop)), Nothing),
        new("manager-pause", ManagerAway, On(Manager, Command("pause")), On(Manager, Command("resume"))),
        new("valkey-kill-empty", ValkeyAway, On(Valkey, EmptyAndKill), On(Valkey, Start)),
        new("valkey-kill-with-data", ValkeyAway, On(Valkey, Kill), On(Valkey, Start)),
        new("valkey-pause", ValkeyAway, On(Valkey, Command("pause")), On(Valkey, Command("resume"))),
        new("valkey-flushall", Reach.SharedTier, On(Valkey, Command("empty")), Nothing),
        new("valkey-client-kill", ValkeyAway, On(Valkey, Command("drop-clients")), Nothing),
        new("l2-garbage", Reach.SharedTier | Reach.Truth, Garbage.WriteAsync, Nothing),
        EventsDropped,
        .. Link(Valkey, ValkeyAway, Reach.SharedTier),
        .. Link(Manager, Reach.Source, Reach.None),
    ];

    public static Fault Named(string name) => All.Single(fault => fault.Name == name);

    /// <summary>A slow link delays and takes nothing away.</summary>
    private static IEnumerable<Fault> Link(string link, Reach broken, Reach slow)
    {
        foreach (var kind in new[] { "cut", "blackhole", "half-open", "reset", "slow" })
            yield return new Fault($"link-{kind}-{link}", kind == "slow" ? slow : broken, On(Links, Command($"{kind}-{link}")), On(Links, Command($"heal-{link}")));
    }

    private static Func<RunningPlatform, string, CancellationToken, Task> On(string resource, Func<RunningPlatform, string, CancellationToken, Task> act) =>
        (platform, _, stop) => act(platform, resource, stop);

    private static Func<RunningPlatform, string, CancellationToken, Task> Command(string command) =>
        (platform, resource, stop) => platform.Resources.CommandAsync(resource, command, stop);

    private static async Task Kill(RunningPlatform platform, string resource, CancellationToken cancellationToken)
    {
        await platform.Resources.CommandAsync(resource, "kill", cancellationToken);
        await platform.Resources.EndedAsync(resource, cancellationToken);
    }

    private static async Task EmptyAndKill(RunningPlatform platform, string resource, CancellationToken cancellationToken)
    {
        await platform.Resources.CommandAsync(resource, "empty", cancellationToken);
        await Kill(platform, resource, cancellationToken);
    }

    private static Task Start(RunningPlatform platform, string resource, CancellationToken cancellationToken) => platform.Resources.StartAsync(resource, cancellationToken);

    private static Task Nothing(RunningPlatform platform, string resource, CancellationToken cancellationToken) => Task.CompletedTask;
}
