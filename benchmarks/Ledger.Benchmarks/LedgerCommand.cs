using System.CommandLine;
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
        Options.Add(seconds);
        Options.Add(rounds);
        Options.Add(before);
        this.SetRun(async (asked, stop) =>
        {
            await new Measurement(terminal, TimeSpan.FromSeconds(asked.GetValue(seconds)), asked.GetValue(rounds)).RunAsync(asked.GetValue(before)?.FullName, stop);
            return ExitCode.Success;
        });
    }
}
