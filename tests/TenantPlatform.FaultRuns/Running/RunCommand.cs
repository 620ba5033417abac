using System.CommandLine;
using TenantPlatform.CommandLine;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>The command of the fault runs: what can be asked for.</summary>
internal sealed class RunCommand : RootCommand
{
    private static readonly RunOptions Otherwise = new();

    private readonly Option<SeedRange> _seeds = new("--seeds")
    {
        Description = "Runs each of these seeds, or one: 1..20, or 7",
        HelpName = "FIRST..LAST",
        DefaultValueFactory = _ => Otherwise.Seeds,
        CustomParser = SeedRange.Parse,
    };

    private readonly Option<int> _seconds = WholeNumber.Option(
        "--seconds", "How long faults are made in each seed, in seconds", most: 3600, (int)Otherwise.Length.TotalSeconds);

    private readonly Option<int> _tenants = WholeNumber.Option("--tenants", "How many tenants", most: 90, Otherwise.Tenants);
    private readonly Option<int> _rate = WholeNumber.Option("--rate", "Requests a second, over all pods", most: 5000, Otherwise.Rate);
    private readonly Option<bool> _markdown = new("--markdown") { Description = "Prints the table once more, as the documents show it" };

    private readonly Option<bool> _protocol = new("--protocol")
    {
        Description = "Runs the cache's protocol by itself, with nothing behind it that would repair what it lets through",
    };

    private readonly Option<string> _mutant = new("--mutant")
    {
        Description = "Runs a build that is broken on purpose, until a seed finds violations; succeeds when one does",
        HelpName = "NAME",
    };

    private readonly Option<int?> _suspensions = WholeNumber.Option(
        "--suspensions", "Instead, with everything healthy: measures so many suspensions", most: 1_000_000);

    private readonly Option<bool> _crm = new("--crm")
    {
        Description = "With --suspensions: of tenants as a whole, as the console's button does, and over two pods of the CRM besides",
    };

    private readonly Option<bool> _gateway = new("--gateway")
    {
        Description = "With --suspensions: also of what the gateway has cached for the tenant",
    };

    private readonly Option<bool> _staleReads = new("--stale-reads") { Description = "Instead, with everything healthy: measures stale reads under 2 000 changes a second" };

    private readonly Option<int?> _soak = WholeNumber.Option(
        "--soak", "Instead: runs for so many minutes while a stream of tenants passes through, and looks whether anything grows (eng/soak)", most: 10_000);

    private readonly Option<string?> _beside = new("--beside")
    {
        Description = "Runs pods of another version, built for release in this checkout of it, beside those of this one: mixed, upgraded and downgraded (eng/check-upgrade)",
        HelpName = "FOLDER",
    };

    public RunCommand(Func<RunOptions, IReadOnlyList<string>, CancellationToken, Task<int>> run)
        : base($"""
            Runs the platform under a seeded schedule of faults and checks the invariants over everything it answered.

            Exit codes:
              {ExitCode.Success}    no violation; with --mutant: one was found; of a measurement: its aims are met; of a soak: nothing grows either
              {ExitCode.Failure}    the opposite
              {ExitCode.Refused}    the command line was refused and nothing has run
              {ExitCode.Stopped}  Ctrl+C ended it; what was found until then is printed
            """)
    {
        _mutant.AcceptOnlyFromAmong([.. Mutants.Names]);
        foreach (var option in new Option[] { _seeds, _seconds, _tenants, _rate, _markdown, _protocol, _mutant, _suspensions, _crm, _gateway, _staleReads, _beside, _soak })
            Options.Add(option);
        Validators.Add(asked =>
        {
            if (asked.GetValue(_crm) && asked.GetValue(_suspensions) is null)
                asked.AddError("--crm says over what suspensions are measured: give --suspensions with it.");
            if (asked.GetValue(_gateway) && asked.GetValue(_suspensions) is null)
                asked.AddError("--gateway says over what suspensions are measured: give --suspensions with it.");
        });
        this.AllowOnlyOneOf(_protocol, _suspensions, _staleReads, _beside, _soak);
        this.SetRun((asked, stop) => run(Read(asked), [.. asked.Tokens.Select(token => token.Value)], stop));
    }

    /// <summary>The options of a command line without errors.</summary>
    public RunOptions Read(ParseResult asked) => new()
    {
        Seeds = asked.GetValue(_seeds),
        Length = TimeSpan.FromSeconds(asked.GetValue(_seconds)),
        Tenants = asked.GetValue(_tenants),
        Rate = asked.GetValue(_rate),
        Mutant = asked.GetValue(_mutant),
        Suspensions = asked.GetValue(_suspensions),
        IsWithCrm = asked.GetValue(_crm),
        IsWithGateway = asked.GetValue(_gateway),
        StaleReads = asked.GetValue(_staleReads),
        Beside = asked.GetValue(_beside),
        Soak = asked.GetValue(_soak),
        IsProtocol = asked.GetValue(_protocol) || (asked.GetValue(_mutant) is { } mutant && Mutants.NeedsItsOwnBuild(mutant)),
        IsMarkdown = asked.GetValue(_markdown),
    };
}
