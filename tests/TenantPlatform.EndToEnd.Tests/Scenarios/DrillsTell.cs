using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A drill acts on the service itself, and its answer is its evidence.</summary>
public sealed class DrillsTell(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Valkey_Killed_TellsThatNoPodFailed()
    {
        // None where it is a container.
        var pid = Platform.Resources.ProcessId("valkey");

        var evidence = await Platform.Resources.WatchedAsync("valkey", "kill", Watch, Deadline);
        await Platform.Resources.StartAsync("valkey", Deadline);

        Evidence(evidence);
        Assert.False(pid is { } id && ResourceControl.IsRunning(id));
        Assert.Matches(pid is null ? @"^valkey \(container \w+\) was killed\." : $@"^valkey \(process {pid}\) was killed\.", evidence);
        foreach (var pod in Platform.Ledgers)
            Assert.Matches($@"\| {pod.Name} \| \d+ \| 0 \| 0 \| none \|", evidence);
    }

    [Fact]
    public async Task Pod_Paused_TellsThatItWasCutOff_AndTheOthersWereNot()
    {
        var pod = Platform.Ledgers[0].Name;
        var pid = Platform.Resources.ProcessId(pod)!.Value;

        var evidence = await Platform.Resources.WatchedAsync(pod, "pause", Watch, Deadline);
        var state = ResourceControl.StateOf(pid);
        await Platform.Resources.CommandAsync(pod, "resume", Deadline);

        Evidence(evidence);
        Assert.Equal('T', state);
        Assert.Contains($"{pod} (process {pid}) is frozen.", evidence, StringComparison.Ordinal);
        Assert.Matches($@"\| {pod} \| \d+ \| [1-9]\d* \| 0 \| [^|]+, still \|", evidence);
        foreach (var other in Platform.Ledgers.Skip(1))
            Assert.Matches($@"\| {other.Name} \| \d+ \| 0 \| 0 \| none \|", evidence);
    }

    [Fact]
    public async Task Drill_OfAResourceThatDoesNotRun_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<PlatformException>(() => Platform.Resources.CommandAsync("ledger-5", "kill", Deadline));

        Assert.Contains("ledger-5", failure.Message, StringComparison.Ordinal);
    }
}
