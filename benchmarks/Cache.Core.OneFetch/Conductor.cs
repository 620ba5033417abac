using System.Diagnostics;
using System.Globalization;
using TenantPlatform.Hosting.Servers;

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
            var results = new List<(int Fetches, double LastCaller)>();
            for (var n = 0; n < rounds; n++)
                results.Add(await RoundAsync(callers, $"round-{n}", limit.Token));

            var ordered = results.OrderBy(result => result.LastCaller).ToArray();
            Print("one-fetch", results.Max(result => result.Fetches), ordered[ordered.Length / 2].LastCaller);
            Print("one-fetch-worst", results.Max(result => result.Fetches), ordered[^1].LastCaller);
            return results.TrueForAll(result => result.Fetches == 1) ? 0 : 1;
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

    private static async Task<(int Fetches, double LastCaller)> RoundAsync(Process[] callers, string key, CancellationToken cancellationToken)
    {
        // One clock for all: timestamps of one machine are comparable between its processes.
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        foreach (var caller in callers)
            await caller.StandardInput.WriteLineAsync($"{key} {start}");
        var answers = new List<string[]>();
        foreach (var caller in callers)
            answers.Add((await caller.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("A process ended early.")).Split(' '));
        return (answers.Sum(answer => int.Parse(answer[0], CultureInfo.InvariantCulture)), answers.Max(answer => double.Parse(answer[1], CultureInfo.InvariantCulture)));
    }

    private static Process Start(string connectionString) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        ArgumentList = { "--caller", connectionString },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    private static void Print(string name, int fetches, double milliseconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} fetches {fetches} last-caller-ms {milliseconds:0.0}"));
}
