using System.Diagnostics;
using System.Globalization;
using TenantPlatform.LocalServers;

namespace Cache.Core.OneFetch;

/// <summary>Starts Valkey and the processes, gives them their rounds and adds up what they say.</summary>
internal static class Conductor
{
    private const int Processes = 3;
    private const int WarmUps = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds") + 1;
        var rounds = at > 0 ? int.Parse(args[at], CultureInfo.InvariantCulture) : 10;
        Contender[] contenders = [.. Contender.All.Where(one => args.Contains("--peers", StringComparer.Ordinal) || one == Contender.All[0])];
        using var limit = new CancellationTokenSource(Limit);
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: limit.Token)).Require();
        await using var valkey = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = Guid.NewGuid().ToString("N") }, limit.Token);
        var callers = contenders.ToDictionary(one => one, one => Enumerable.Range(0, Processes).Select(_ => Start(one.Name, valkey.ConnectionString)).ToArray());
        try
        {
            foreach (var caller in callers.Values.SelectMany(each => each))
                await caller.StandardOutput.ReadLineAsync(limit.Token);

            // In turns, so that whatever else the machine does falls on all of them; in another order each time, because a round feels the one before.
            var random = new Random(1);
            var results = contenders.ToDictionary(one => one, _ => new List<Moments[]>());
            for (var n = -WarmUps; n < rounds; n++)
            {
                random.Shuffle(contenders);
                foreach (var one in contenders)
                {
                    var result = await RoundAsync(callers[one], $"round{n}", limit.Token);
                    if (n >= 0)
                        results[one].Add(result);
                }
            }

            foreach (var (one, all) in results)
            {
                var ordered = all.OrderBy(result => result.Max(process => process.Last)).ToArray();
                var most = all.Max(result => result.Sum(process => process.Fetches));
                var name = one == Contender.All[0] ? "one-fetch" : $"one-fetch-{one.Name}";
                Print(name, most, ordered[ordered.Length / 2]);
                Print($"{name}-worst", most, ordered[^1]);
            }

            return results[Contender.All[0]].TrueForAll(result => result.Sum(process => process.Fetches) == 1) ? 0 : 1;
        }
        finally
        {
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
        ArgumentList = { "--caller", contender, connectionString },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    private static void Print(string name, int fetches, Moments[] round)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} fetches {fetches} last-caller-ms {round.Max(process => process.Last):0.0}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"#   the fetch from {round.Max(process => process.Began):0.0} to {round.Max(process => process.Fetched):0.0}; callers of each process from the first to the last: {string.Join(", ", round.Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.First:0.0} to {process.Last:0.0}")))}"));
    }
}
