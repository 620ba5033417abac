using System.CommandLine;
using System.CommandLine.Help;
using Cache.Core.Samples.OneProcess;
using Cache.Core.Samples.SeveralPods;
using TenantPlatform.CommandLine;

namespace Cache.Core.Samples;

/// <summary>All samples by verb.</summary>
internal static class Catalog
{
    /// <summary>In the order in which one would read them.</summary>
    public static IReadOnlyList<ISample> All { get; } =
    [
        new GetOrFetch(), new GetOrCreate(), new WriteAndInvalidate(), new WriteWithOptions(), new TryGet(), new RefreshPastTheCache(),
        new OneFlight(), new StaleWhileRevalidate(), new StaleIfError(), new SoftTimeout(), new LifetimeFromTheValue(), new DecidedByTheFetch(), new Many(),
        new NotFound(), new Denied(), new Tags(), new Bounds(), new HotPath(), new Metrics(), new Settings(), new SeveralCaches(),
        new TwoTiers(), new OneFetch(), new HearChanges(), new Fence(), new TagsInEveryPod(), new ValkeyDown(),
        new PlainJson(), new Serializer(), new Encryption(), new ValkeyItself(),
    ];

    /// <summary>The command: a subcommand for each sample; without one, the list of them.</summary>
    public static RootCommand ToCommand(TextWriter output)
    {
        var command = new RootCommand($"""
            One runnable sample per feature of Cache.Core; without a name, this list.

            Exit codes:
              {ExitCode.Success}    the sample ran
              {ExitCode.Refused}    there is no such sample and nothing has run
              {ExitCode.Stopped}  Ctrl+C ended it
            """);
        foreach (var sample in All)
        {
            var one = new Command(sample.Verb, sample.Shows);
            one.SetRun(async (_, stop) =>
            {
                await sample.RunAsync(output, stop);
                return ExitCode.Success;
            });
            command.Add(one);
        }

        command.SetAction(asked => new HelpAction().Invoke(asked));
        return command;
    }
}
