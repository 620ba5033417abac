using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Workload;

/// <summary>Suspends, reactivates, rotates and invalidates at random, and looks closely at every pod after a suspension.</summary>
internal sealed class Operations(
    IReadOnlyList<LedgerPod> pods, IReadOnlyList<TenantAccount> accounts, Administrator administrator, Requests requests, Recorder recorder)
{
    private const int Operators = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(450);
    private static readonly TimeSpan CloseLook = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(15);

    /// <summary>Runs until stopped.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stop">Ends it with the changes that have begun.</param>
    /// <param name="abandon">Ends it at once: nobody will look at what was written down.</param>
    public Task RunAsync(int seed, CancellationToken stop, CancellationToken abandon) => Task.WhenAll(Enumerable.Range(0, Operators).Select(n => RunAsync(
        [.. accounts.Where(account => account.Number % Operators == n)], new Random((seed * 17) + n), stop, abandon)));

    private async Task RunAsync(IReadOnlyList<TenantAccount> mine, Random random, CancellationToken stop, CancellationToken abandon)
    {
        var looks = new List<Task>();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(Pause * (0.5 + random.NextDouble()), stop);
                var due = mine.FirstOrDefault(account => account.IsSuspended && account.ReactivateAt <= recorder.Now);
                var account = due ?? mine[random.Next(mine.Count)];
                if (account.IsSuspended && due is null)
                    continue;

                // A change that has begun is seen through: one that nobody wrote down would look like a violation.
                var kind = due is not null ? ChangeKind.Reactivate : Choose(random);
                if (await administrator.ChangeAsync(account, kind, abandon) && kind == ChangeKind.Suspend)
                {
                    // Half of them outlast every bound, so that a pod which never learns of them is found out.
                    account.ReactivateAt = recorder.Now + TimeSpan.FromSeconds(random.Next(2) == 0 ? 0.5 + random.NextDouble() : 8 + (6 * random.NextDouble()));
                    looks.AddRange(pods.Select(pod => LookAsync(pod, account, stop)));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ends.
        }

        await Task.WhenAll(looks);
    }

    private async Task LookAsync(LedgerPod pod, TenantAccount account, CancellationToken stop)
    {
        var until = recorder.Now + CloseLook;
        while (recorder.Now < until && account.IsSuspended && !stop.IsCancellationRequested)
        {
            if ((await requests.ReadAsync(pod, account)).IsDenied)
                return;
            await Task.Delay(LookPause, CancellationToken.None);
        }
    }

    private static ChangeKind Choose(Random random) => random.NextDouble() switch
    {
        < 0.5 => ChangeKind.Suspend,
        < 0.7 => ChangeKind.Rotate,
        _ => ChangeKind.Invalidate,
    };
}
