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
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 10;
        using var limit = new CancellationTokenSource(Limit);
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: limit.Token)).Require();
        await using var valkey = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = Guid.NewGuid().ToString("N") }, limit.Token);
        var callers = Enumerable.Range(0, Processes).Select(_ => Start(valkey.ConnectionString)).ToArray();
        try
        {
            foreach (var caller in callers)
                await caller.StandardOutput.ReadLineAsync(limit.Token);
            for (var n = 0; n < WarmUps; n++)
                await RoundAsync(callers, $"warm-{n}", limit.Token);
            var results = new List<Moments[]>();
            for (var n = 0; n < rounds; n++)
                results.Add(await RoundAsync(callers, $"round-{n}", limit.Token));

            var ordered = results.OrderBy(result => result.Max(process => process.Last)).ToArray();
            var most = results.Max(result => result.Sum(process => process.Fetches));
            Print("one-fetch", most, ordered[ordered.Length / 2]);
            Print("one-fetch-worst", most, ordered[^1]);
            return results.TrueForAll(result => result.Sum(process => process.Fetches) == 1) ? 0 : 1;
        }
        finally
        {
            foreach (var caller in callers)
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

    private static Process Start(string connectionString) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        ArgumentList = { "--caller", connectionString },
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
