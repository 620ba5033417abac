using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace TenantPlatform.LocalServers.Tests.Processes;

public sealed class ParentDeathTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task NothingSurvives_ParentWithServersKilled_ProcessesPortsAndDirectoriesVanish()
    {
        var (victim, traces) = await StartVictimAsync("servers");
        await using var _ = victim;
        Assert.True(traces.Count(trace => trace.Kind == "process") >= 6, string.Join(", ", traces));
        Assert.All(traces, trace => Assert.True(Exists(trace), $"{trace} should exist while the parent lives"));

        await victim.KillAsync();

        await AllVanishAsync(traces);
    }

    [Theory]
    [InlineData(StopSignal.Interrupt)]
    [InlineData(StopSignal.Terminate)]
    [InlineData(StopSignal.Quit)]
    public async Task NothingSurvives_ParentAskedToEnd_ChildrenAndDirectoriesVanish(StopSignal signal)
    {
        var (victim, traces) = await StartVictimAsync("sleepers", signal: signal);
        await using var _ = victim;

        await victim.StopAsync(Limit);

        await AllVanishAsync(traces);
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("return")]
    public async Task NothingSurvives_ParentEndsByItself_ChildrenAndDirectoriesVanish(string end)
    {
        var (victim, traces) = await StartVictimAsync("sleepers", end);
        await using var _ = victim;

        await victim.Exited.WaitAsync(Limit);

        await AllVanishAsync(traces);
    }

    [Fact]
    public async Task NothingSurvives_GuardianKilledBeforeTheParent_ChildrenOfBothTimesVanish()
    {
        var (victim, traces) = await StartVictimAsync("lost-guardian");
        await using var _ = victim;

        await victim.KillAsync();

        await AllVanishAsync(traces);
    }

    [Fact]
    public async Task NothingSurvives_OnMachineWithoutPerl_ChildrenAndDirectoriesVanish()
    {
        await using var programs = await TemporaryDirectory.CreateAsync();
        foreach (var name in (string[])["setsid", "bash", "sh", "sleep", "rm", "dotnet"])
            File.CreateSymbolicLink(Path.Combine(programs.FullPath, name), Executables.Require(name));
        var (victim, traces) = await StartVictimAsync("sleepers", path: programs.FullPath);
        await using var _ = victim;

        await victim.KillAsync();

        await AllVanishAsync(traces);
    }

    private static async Task<(ChildProcess Victim, List<Trace> Traces)> StartVictimAsync(
        string what, string? end = null, string? path = null, StopSignal signal = StopSignal.Terminate)
    {
        var lines = new List<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var errors = new List<string>();
        void Keep(string line)
        {
            lock (lines)
                lines.Add(line);
            if (line == "ready")
                ready.TrySetResult();
        }

        var victim = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = "dotnet",
            Arguments = [typeof(Victim).Assembly.Location, "victim", what],
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["VICTIM_END"] = end,
                ["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH"),
                ["DOTNET_DbgEnableMiniDump"] = "0",
            },
            StopSignal = signal,
            OutputLine = Keep,

            // Apart: what a crash writes here can be read before what was written there before it.
            ErrorLine = line =>
            {
                lock (lines)
                    errors.Add(line);
            },
        });
        await Task.WhenAny(ready.Task, victim.Exited).WaitAsync(TimeSpan.FromMinutes(3));
        lock (lines)
        {
            Assert.True(ready.Task.IsCompleted, string.Join('\n', lines.Concat(errors)));
            return (victim, [.. lines.TakeWhile(line => line != "ready").Select(line => new Trace(line.Split(' ')[0], line.Split(' ')[1]))]);
        }
    }

    private async Task AllVanishAsync(List<Trace> traces)
    {
        Assert.NotEmpty(traces);
        var clock = Stopwatch.StartNew();
        await Eventually.BecomesAsync(
            "everything that the parent started vanishes",
            () => Task.FromResult(string.Join(", ", traces.Where(Exists))),
            left => left.Length == 0,
            Limit);
        output.WriteLine($"{traces.Count} traces gone after {clock.ElapsedMilliseconds} ms: {string.Join(", ", traces)}");
    }

    private static bool Exists(Trace trace) => trace.Kind switch
    {
        "process" => ProcessTable.IsAlive(int.Parse(trace.Value, CultureInfo.InvariantCulture)),
        "port" => IsListening(int.Parse(trace.Value, CultureInfo.InvariantCulture)),
        "directory" => Directory.Exists(trace.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(trace), trace, "Unexpected output of the victim."),
    };

    private static bool IsListening(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Something that must not outlive the parent.</summary>
    private sealed record Trace(string Kind, string Value);
}
