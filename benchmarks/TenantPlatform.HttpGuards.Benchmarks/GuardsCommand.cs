using System.CommandLine;
using TenantPlatform.CommandLine;

namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>The command of the measurement.</summary>
internal sealed class GuardsCommand : RootCommand
{
    public GuardsCommand(Terminal terminal)
        : base($"""
            Requests a second of a service whose handler does next to nothing, with and without each guard, in turns of one run.
            The service, Valkey, and what sends the requests share this machine's processors.

            Exit codes:
              {ExitCode.Success}    measured
              {ExitCode.Refused}    the command line was refused and nothing has run
              {ExitCode.Stopped}  Ctrl+C ended it
            """)
    {
        var seconds = WholeNumber.Option("--seconds", "How long each part of a round takes", most: 600, otherwise: 3);
        var rounds = WholeNumber.Option("--rounds", "How many rounds; medians are printed", most: 50, otherwise: 5);
        Options.Add(seconds);
        Options.Add(rounds);
        this.SetRun(async (asked, stop) =>
        {
            await new Measurement(terminal, TimeSpan.FromSeconds(asked.GetValue(seconds)), asked.GetValue(rounds)).RunAsync(stop);
            return ExitCode.Success;
        });
    }
}
