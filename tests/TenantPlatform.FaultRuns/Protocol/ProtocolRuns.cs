using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using ProgressTask = Spectre.Console.ProgressTask;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>
/// Runs the cache's protocol by itself: four caches, a real Valkey and a slow source, with nothing behind the protocol that would
/// repair what it lets through. So a rule that is missing shows, which in the whole platform it does not within its bounds.
/// </summary>
internal sealed class ProtocolRuns(Report report)
{
    private const int Keys = 60;

    /// <summary>The pod that has no room for every key in L1: it has to forget keys and to remember revisions.</summary>
    private const int Forgetful = 2;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>Nobody revalidates, so what is not delivered is never made up for; within lease and half a second everything is.</summary>
    private static readonly Bounds Bounds = new()
    {
        Delivery = ProtocolPod.Lease * 1.5,
        Revalidation = TimeSpan.FromDays(1),
        Settling = TimeSpan.Zero,
    };

    /// <summary>After the last change: everything is delivered by then.</summary>
    private static readonly TimeSpan Quiet = Bounds.Delivery * 2;
    private static readonly ICheck[] ByWhatWasKnown = [new RevocationWins(), new MonotonicPod(answering: TimeSpan.FromSeconds(1))];
    private static readonly ICheck[] ByTime = [new BoundedDenial(), new NoResurrection()];

    /// <summary>Returns how many violations were found.</summary>
    public Task<int> RunAsync(RunOptions options, CancellationToken stop)
    {
        var profiles = Mutants.Profiles(options.Mutant);
        return report.Terminal.ProgressAsync("protocol", profiles.Count * options.Seeds.Count, progress => RunAsync(profiles, options, progress, stop));
    }

    private async Task<int> RunAsync(IReadOnlyList<ProtocolProfile> profiles, RunOptions options, ProgressTask progress, CancellationToken stop)
    {
        var found = 0;
        foreach (var profile in profiles)
        {
            foreach (var seed in options.Seeds.All)
            {
                progress.Description = $"protocol '{profile.Name}', seed {seed} of {options.Seeds}";
                var history = await progress.WhileAsync(steps: 1, options.Length + Quiet, RunAsync(profile, seed, options.Length, stop));
                var violations = Check(history);
                var faults = history.Faults.CountBy(fault => fault.Kind).OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => $"{fault.Value} {fault.Key}");
                report.Line($"protocol '{profile.Name}', seed {seed}: {history.Answers.Count} answers, {history.Changes.Count - Keys} changes, faults: {string.Join(", ", faults.DefaultIfEmpty("none"))}; violations {violations.Count}");
                report.Violations(seed, violations, books: []);
                found += violations.Count;
                if (options.Mutant is not null && found > 0)
                {
                    progress.Value = progress.MaxValue;
                    return found;
                }
            }
        }

        return found;
    }

    /// <summary>
    /// An answer that bridges an outage, with neither Valkey nor the source to be asked, is bound by what its process knew, and not
    /// by time: whom nothing reaches cannot know of a change.
    /// </summary>
    private static List<Violation> Check(RunHistory history) =>
    [
        .. Checker.Check(history, Bounds, ByWhatWasKnown),
        .. Checker.Check(history with { Answers = [.. history.Answers.Where(answer => !answer.IsStale)] }, Bounds, ByTime),
    ];

    private static async Task<RunHistory> RunAsync(ProtocolProfile profile, int seed, TimeSpan length, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(StartLimit);
        await using var server = await ProtocolServer.StartAsync(limit.Token);
        var dice = new Dice(seed);
        var recorder = new Recorder();
        var source = new ProtocolSource(Keys, profile.LateShare, dice);
        var pods = new List<ProtocolPod>();
        try
        {
            for (var n = 0; n < profile.CoherentPods + profile.ToldPods; n++)
            {
                var capacity = n == Forgetful ? Keys / 3 : Keys * 2;
                pods.Add(await ProtocolPod.StartAsync(n, n < profile.CoherentPods, capacity, profile, server, source, recorder, dice, limit.Token));
            }

            var workload = new ProtocolWorkload(profile, pods, Keys, source, recorder, dice);
            using var stopChanges = new CancellationTokenSource();
            using var stopReads = new CancellationTokenSource();
            var reads = workload.ReadAsync(stopReads.Token);
            var changes = workload.ChangeAsync(stopChanges.Token);
            var faults = new ProtocolFaults(profile, server, pods, recorder, dice).RunAsync(stopChanges.Token);
            await Task.Delay(length, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stopChanges.CancelAsync();
            await Task.WhenAll(changes, faults);
            await Task.Delay(Quiet, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stopReads.CancelAsync();
            await reads;
            stop.ThrowIfCancellationRequested();
            return recorder.ToHistory();
        }
        finally
        {
            foreach (var pod in pods)
                await pod.DisposeAsync();
        }
    }
}
