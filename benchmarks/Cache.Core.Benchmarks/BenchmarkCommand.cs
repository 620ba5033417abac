using System.CommandLine;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.ConsoleArguments.ListBenchmarks;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using Cache.Core.Benchmarks.HitRates;
using Cache.Core.Benchmarks.Memory;
using Cache.Core.Benchmarks.Peers;
using Cache.Core.Benchmarks.Ratios;
using Cache.Core.Benchmarks.ValkeyAway;
using TenantPlatform.CommandLine;

namespace Cache.Core.Benchmarks;

/// <summary>The command of the benchmarks: ratios, hit rates, or what BenchmarkDotNet is asked for.</summary>
internal sealed class BenchmarkCommand : RootCommand
{
    private readonly Option<string[]> _ratios = new("--ratios")
    {
        Description = $"Measures ratios against a baseline in the same run: all, in three minutes, or the groups named: {string.Join(", ", RatioProgram.GroupNames)}",
        HelpName = "GROUP",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _peers = new("--peers")
    {
        Description = $"Measures ours and other people's caches beside a ConcurrentDictionary, 70-character keys: a line ROW PEER RATIO NS BASELINE-NS BYTES each, and a table. All rows, in about ten minutes, or those that begin so: {string.Join(", ", PeersProgram.RowNames)}",
        HelpName = "ROW",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _only = new("--only")
    {
        Description = $"With --peers: these peers only: {string.Join(", ", PeersProgram.PeerNames)}",
        HelpName = "PEER",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _hitRates = new("--hit-rates")
    {
        Description = "Measures hit rates, in %, of eviction policies over generated workloads, and draws docs/images/hit-rates.svg",
    };

    private readonly Option<DirectoryInfo> _traces = new Option<DirectoryInfo>("--traces")
    {
        Description = $"Measures hit rates, in %, over the recorded accesses in a folder (files *{TraceFile.Ending}), and draws docs/images/hit-rates-traces.svg; takes some minutes",
        HelpName = "FOLDER",
    }.AcceptExistingOnly();

    private readonly Option<bool> _memory = new("--memory")
    {
        Description = "Sends a million tenants through one process, prints what it still holds, in MB, and draws docs/images/memory.svg; takes some minutes",
    };

    private readonly Option<bool> _valkeyAway = new("--valkey-away")
    {
        Description = "Measures what a look-up costs, in ms, while Valkey is away: refused, silent, or hung; takes four minutes",
    };

    public BenchmarkCommand(Terminal terminal)
        : base($"""
            How fast the cache is beside plain structures and servers, and how well it keeps what will be asked for.
            Everything else is for BenchmarkDotNet: --filter '*', --list flat, --job short and the like.

            Exit codes:
              {ExitCode.Success}    measured
              {ExitCode.Failure}    BenchmarkDotNet has measured nothing
              {ExitCode.Refused}    the command line was refused and nothing has run
              {ExitCode.Stopped}  Ctrl+C ended it; what was measured until then is printed
            """)
    {
        Options.Add(_ratios);
        Options.Add(_peers);
        Options.Add(_only);
        Options.Add(_hitRates);
        Options.Add(_traces);
        Options.Add(_memory);
        Options.Add(_valkeyAway);
        TreatUnmatchedTokensAsErrors = false;
        _ratios.Validators.Add(asked =>
        {
            foreach (var name in asked.Tokens.Select(token => token.Value).Where(name => !RatioProgram.GroupNames.Any(group => group.StartsWith(name, StringComparison.Ordinal))))
                asked.AddError($"--ratios: there is no group '{name}': expected {string.Join(", ", RatioProgram.GroupNames)}, or how they begin.");
        });
        _peers.Validators.Add(asked =>
        {
            foreach (var name in asked.Tokens.Select(token => token.Value).Where(name => !PeersProgram.RowNames.Any(row => row.StartsWith(name, StringComparison.Ordinal))))
                asked.AddError($"--peers: there is no row '{name}': expected {string.Join(", ", PeersProgram.RowNames)}, or how they begin.");
        });
        _traces.Validators.Add(asked =>
        {
            var folder = asked.Tokens[0].Value;
            if (Directory.Exists(folder) && !Directory.EnumerateFiles(folder, $"*{TraceFile.Ending}").Any())
                asked.AddError($"--traces: there is no recording in '{folder}': expected files *{TraceFile.Ending}.");
        });
        _only.AcceptOnlyFromAmong([.. PeersProgram.PeerNames]);
        Validators.Add(asked =>
        {
            if (asked.GetResult(_only) is not null && asked.GetResult(_peers) is null)
                asked.AddError("--only says which peers: give --peers as well.");
        });
        this.AllowOnlyOneOf(_ratios, _peers, _hitRates, _traces, _memory, _valkeyAway);
        this.SetRun(async (asked, stop) =>
        {
            if (!asked.Has(_ratios) && !asked.Has(_peers) && !asked.Has(_hitRates) && !asked.Has(_traces) && !asked.Has(_memory) && !asked.Has(_valkeyAway))
                return RunBenchmarkDotNet([.. asked.UnmatchedTokens], stop);
            if (asked.UnmatchedTokens.Count > 0)
            {
                await asked.InvocationConfiguration.Error.WriteLineAsync($"'{asked.UnmatchedTokens[0]}' is for BenchmarkDotNet, which our own measurements do not use. Nothing was run.");
                return ExitCode.Refused;
            }

            if (asked.Has(_ratios))
                await RatioProgram.RunAsync(asked.GetValue(_ratios) ?? [], terminal, stop);
            else if (asked.Has(_peers))
                await PeersProgram.RunAsync(asked.GetValue(_peers) ?? [], asked.GetValue(_only) ?? [], terminal, stop);
            else if (asked.Has(_hitRates))
                await HitRateProgram.RunAsync(terminal, stop);
            else if (asked.GetValue(_traces) is { } folder)
                await TraceProgram.RunAsync(folder, terminal, stop);
            else if (asked.Has(_memory))
                await MemoryProgram.RunAsync(terminal, stop);
            else
                await ValkeyAwayProgram.RunAsync(terminal, stop);
            return ExitCode.Success;
        });
    }

    private static int RunBenchmarkDotNet(string[] arguments, CancellationToken stop)
    {
        var (isUnderstood, _, options) = ConfigParser.Parse(arguments, ConsoleLogger.Default);
        if (!isUnderstood)
            return ExitCode.Refused;

        // It has no token to be stopped by; when the process exits it ends the one that it measures in.
        using var stopped = stop.Register(static () => Environment.Exit(ExitCode.Stopped));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(RatioProgram).Assembly).Run(arguments);
        return summaries.Any() || options.ListBenchmarkCaseMode != ListBenchmarkCaseMode.Disabled || options.PrintInformation ? ExitCode.Success : ExitCode.Failure;
    }
}
