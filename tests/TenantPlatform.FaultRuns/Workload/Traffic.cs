using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Workload;

/// <summary>Requests of all tenants to every pod at a steady rate, whether earlier ones have been answered or not.</summary>
internal sealed class Traffic(IReadOnlyList<LedgerPod> pods, IReadOnlyList<TenantAccount> accounts, Requests requests)
{
    private const double WriteShare = 0.08;

    /// <summary>The most requests of one pod under way: beyond them the traffic waits, or a frozen pod would collect thousands.</summary>
    private const int MostUnderWay = 48;

    /// <summary>Runs until stopped, then waits for the answers that are under way.</summary>
    public Task RunAsync(int seed, int ratePerSecond, CancellationToken stop) =>
        Task.WhenAll(pods.Select((pod, n) => RunAsync(pod, new Random((seed * 31) + n), TimeSpan.FromSeconds((double)pods.Count / ratePerSecond), $"{seed}-{n}", stop)));

    private async Task RunAsync(LedgerPod pod, Random random, TimeSpan pause, string name, CancellationToken stop)
    {
        using var room = new SemaphoreSlim(MostUnderWay);
        using var timer = new PeriodicTimer(pause);
        try
        {
            for (var n = 0; await timer.WaitForNextTickAsync(stop); n++)
            {
                var account = accounts[random.Next(accounts.Count)];
                var isWrite = random.NextDouble() < WriteShare;
                await room.WaitAsync(stop);
                _ = SendAsync(pod, account, isWrite ? $"run-{name}-{n}" : null, room);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ends.
        }

        for (var n = 0; n < MostUnderWay; n++)
            await room.WaitAsync(CancellationToken.None);
    }

    private async Task SendAsync(LedgerPod pod, TenantAccount account, string? key, SemaphoreSlim room)
    {
        try
        {
            if (key is null)
                await requests.ReadAsync(pod, account);
            else
                await requests.WriteAsync(pod, account, key, isBack: key.GetHashCode(StringComparison.Ordinal) % 2 == 0);
        }
        finally
        {
            room.Release();
        }
    }
}
