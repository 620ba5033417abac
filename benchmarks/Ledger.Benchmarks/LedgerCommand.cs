using System.CommandLine;
using Ledger.Benchmarks.Resolution;
using TenantPlatform.CommandLine;

namespace Ledger.Benchmarks;

/// <summary>The command of the measurement.</summary>
internal sealed class LedgerCommand : RootCommand
{
    public LedgerCommand(Terminal terminal)
        : base($"""
            Transfers a second of one ledger pod with 16 connections, beside pgbench's TPC-B on the same PostgreSQL, in turns.
            PostgreSQL keeps nothing and waits for no disk. Both, and what sends the requests, share this machine's processors.

            Exit codes:
              {ExitCode.Success}    measured
              {ExitCode.Refused}    the command line was refused and nothing has run
              {ExitCode.Stopped}  Ctrl+C ended it
            """)
    {
        var seconds = WholeNumber.Option("--seconds", "How long each part of a round takes", most: 600, otherwise: 10);
        var rounds = WholeNumber.Option("--rounds", "How many rounds; medians are printed", most: 50, otherwise: 3);
        var before = new Option<FileInfo>("--before") { Description = "Another build's Ledger.Api.dll, measured in the same turns", HelpName = "DLL" };
        before.AcceptExistingOnly();
        var resolution = new Option<bool>("--resolution")
        {
            Description = "Measures something else: which share of a request's processor time is the tenant's resolution, in this process; nine parts by default",
        };
        Options.Add(seconds);
        Options.Add(rounds);
        Options.Add(before);
        Options.Add(resolution);
        this.SetRun(async (asked, stop) =>
        {
            var (length, times) = (TimeSpan.FromSeconds(asked.GetValue(seconds)), asked.GetValue(rounds));
            if (asked.GetValue(resolution))
                await new ResolutionMeasurement(terminal, length, times).RunAsync(stop);
            else
                await new Measurement(terminal, length, times).RunAsync(asked.GetValue(before)?.FullName, stop);
            return ExitCode.Success;
        });
    }
}
