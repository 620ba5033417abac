using System.CommandLine;
using TenantPlatform.CommandLine;

namespace Cache.Core.OneFetch;

/// <summary>The command of the load program.</summary>
internal sealed class OneFetchCommand : RootCommand
{
    /// <summary>The command under which a process of this program is one of the callers; not one for people.</summary>
    public const string Caller = "caller";

    public OneFetchCommand(Func<int, bool, CancellationToken, Task<int>> run)
        : base($"""
            Three processes with 1 000 callers each ask for one missing key at once: how often is it fetched, and how long does the last caller wait?

            Exit codes:
              {ExitCode.Success}    one fetch in every round
              {ExitCode.Failure}    more than one in some
              {ExitCode.Refused}    the command line was refused and nothing has run
              {ExitCode.Stopped}  Ctrl+C ended it; what was measured until then is printed
            """)
    {
        var rounds = WholeNumber.Option("--rounds", "How many rounds, each on a fresh key", most: 500, otherwise: 10);
        var peers = new Option<bool>("--peers") { Description = "Puts HybridCache, FusionCache (with and without its distributed locker) and MemoryCache to the same" };
        Options.Add(rounds);
        Options.Add(peers);
        Subcommands.Add(ToCaller());
        this.SetRun((asked, stop) => run(asked.GetValue(rounds), asked.GetValue(peers), stop));
    }

    private static Command ToCaller()
    {
        var contender = new Argument<string>("contender");
        var connectionString = new Argument<string>("connection-string");
        var command = new Command(Caller, "Answers rounds that come on standard input.") { contender, connectionString };
        command.Hidden = true;

        // Ctrl+C reaches the callers as well; they end with their input, which the conductor closes.
        command.SetRun((asked, _) => OneFetch.Caller.RunAsync(asked.GetRequiredValue(contender), asked.GetRequiredValue(connectionString)));
        return command;
    }
}
