using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.LocalServers;

namespace Cache.Core.OneFetch;

/// <summary>Starts Valkey and the processes, gives them their rounds and adds up what they say.</summary>
internal static class Conductor
{
    private const int Processes = 3;
    private const int WarmUps = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Returns the exit code; stopped, prints what the rounds have shown that had come to their end.</summary>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="withPeers">Whether other people's caches are put to the same.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="stop">Ends it early.</param>
    public static Task<int> RunAsync(int rounds, bool withPeers, Terminal terminal, CancellationToken stop)
    {
        Contender[] contenders = withPeers ? [.. Contender.All] : [Contender.All[0]];
        return terminal.ProgressAsync("starting the processes", (WarmUps + rounds) * contenders.Length, progress => RunAsync(rounds, contenders, terminal, progress, stop));
    }

    private static async Task<int> RunAsync(int rounds, Contender[] contenders, Terminal terminal, ProgressTask progress, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: limit.Token)).Require();
        await using var valkey = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = Guid.NewGuid().ToString("N") }, limit.Token);
        var results = contenders.ToDictionary(one => one, _ => new List<Moments[]>());
        var callers = contenders.ToDictionary(one => one, one => Enumerable.Range(0, Processes).Select(_ => Start(one.Name, valkey.ConnectionString)).ToArray());
        try
        {
            foreach (var caller in callers.Values.SelectMany(each => each))
                await caller.StandardOutput.ReadLineAsync(limit.Token);

            // In turns, so that whatever else the machine does falls on all of them; in another order each time, because a round feels the one before.
            var random = new Random(1);
            for (var n = -WarmUps; n < rounds; n++)
            {
                random.Shuffle(contenders);
                progress.Description = n < 0 ? "warming up" : "rounds";
                foreach (var one in contenders)
                {
                    var result = await RoundAsync(callers[one], $"round{n}", limit.Token);
                    if (n >= 0)
                        results[one].Add(result);
                    progress.Increment(1);
                }
            }

            return results[Contender.All[0]].TrueForAll(result => result.Sum(process => process.Fetches) == 1) ? ExitCode.Success : ExitCode.Failure;
        }
        finally
        {
            foreach (var (one, all) in results.Where(result => result.Value.Count > 0))
                Print(one, all, terminal);
            foreach (var caller in callers.Values.SelectMany(each => each))
            {
                caller.StandardInput.Close();
                if (!caller.WaitForExit(TimeSpan.FromSeconds(5)))
                    caller.Kill();
                caller.Dispose();
            }
        }
    }

    private static async Task<Moments[]> RoundAsync(Process[] callers, string key, CancellationToken cancellationToken)
    {
        // One clock for all: timestamps of one machine are comparable between its processes.
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        foreach (var caller in callers)
            await caller.StandardInput.WriteLineAsync($"{key} {start}");
        var answers = new List<Moments>();
        foreach (var caller in callers)
            answers.Add(Moments.Parse(await caller.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("A process ended early.")));
        return [.. answers];
    }

    private static Process Start(string contender, string connectionString) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        ArgumentList = { OneFetchCommand.Caller, contender, connectionString },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    private static void Print(Contender one, List<Moments[]> all, Terminal terminal)
    {
        var ordered = all.OrderBy(result => result.Max(process => process.Last)).ToArray();
        var most = all.Max(result => result.Sum(process => process.Fetches));
        var name = one == Contender.All[0] ? "one-fetch" : $"one-fetch-{one.Name}";
        Print(name, most, ordered[ordered.Length / 2], terminal);
        Print($"{name}-worst", most, ordered[^1], terminal);
    }

    private static void Print(string name, int fetches, Moments[] round, Terminal terminal)
    {
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{name} fetches {fetches} last-caller-ms {round.Max(process => process.Last):0.0}"));
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"#   the fetch from {round.Max(process => process.Began):0.0} to {round.Max(process => process.Fetched):0.0}; callers of each process from the first to the last: {string.Join(", ", round.Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.First:0.0} to {process.Last:0.0}")))}"));
    }
}
