using System.Globalization;
using System.Text.RegularExpressions;
using TenantPlatform.LocalServers;
using TenantPlatform.LocalServers.Processes;

namespace Ledger.Benchmarks;

/// <summary>PostgreSQL's own measurement: TPC-B, five statements in a transaction.</summary>
internal sealed partial class Pgbench(PostgresServer server, int connections)
{
    private const string Database = "pgbench";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task PrepareAsync(CancellationToken stop)
    {
        await server.CreateDatabaseAsync(Database, stop);
        await RunAsync(["--initialize", "--quiet", "--scale=10"], Limit, stop);
    }

    /// <summary>Transactions a second.</summary>
    public async Task<double> RunAsync(TimeSpan length, CancellationToken stop)
    {
        var output = await RunAsync(["--no-vacuum", $"--client={connections}", "--jobs=2", $"--time={length.TotalSeconds:0}"], length + Limit, stop);
        return double.Parse(Rate().Match(output).Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    private async Task<string> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken stop)
    {
        var result = await ChildCommand.RunAsync(
            new ChildProcessOptions
            {
                FileName = Path.Combine(Path.GetDirectoryName(server.Binary.Path)!, "pgbench"),
                Arguments = [.. arguments, "--host=127.0.0.1", $"--port={server.Port}", $"--username={server.UserName}", Database],
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["PGPASSWORD"] = server.Password },
            },
            limit,
            stop);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"pgbench failed: {result.Output}");
    }

    [GeneratedRegex("tps = (?<rate>[0-9.]+) \\(without initial", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Rate();
}
