using System.Diagnostics;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Has tenants pass through the platform at a steady rate: each is new to every cache, asked for once, and then there is none of that name any more.</summary>
internal sealed class TenantChurn(RunningPlatform platform, ChurnState state, int perSecond, ChurnTally tally)
{
    private const int BatchSeconds = 5;
    private const int MostUnderWay = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<LedgerPod> _pods = platform.Ledgers;
    private readonly Queue<IReadOnlyList<ChurnedTenant>> _spent = new();
    private long _made;

    /// <summary>Runs until stopped, then waits for the answers that are under way. While answers come late, it falls back and catches up.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var room = new SemaphoreSlim(MostUnderWay);
        using var timer = new PeriodicTimer(Tick);
        var clock = Stopwatch.StartNew();
        var begun = 0L;
        var next = new Queue<ChurnedTenant>();
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                for (var due = (long)(clock.Elapsed.TotalSeconds * perSecond) - begun; due > 0; due--)
                {
                    if (next.Count == 0)
                        next = new Queue<ChurnedTenant>(await BatchAsync(stop));
                    await room.WaitAsync(stop);
                    _ = AskAsync(next.Dequeue(), begun++, room);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The soak ends.
        }

        for (var n = 0; n < MostUnderWay; n++)
            await room.WaitAsync(CancellationToken.None);
    }

    /// <summary>Makes the next ones; those before the previous ones go.</summary>
    private async Task<IReadOnlyList<ChurnedTenant>> BatchAsync(CancellationToken stop)
    {
        ChurnedTenant[] batch = [.. Enumerable.Range(0, perSecond * BatchSeconds).Select(_ => new ChurnedTenant(Guid.NewGuid().ToString("N"), ChurnedTenant.KindOf(_made++)))];
        await state.MakeAsync(batch, stop);
        _spent.Enqueue(batch);
        while (_spent.Count > 2)
            await state.RemoveAsync(_spent.Dequeue(), stop);
        return batch;
    }

    private async Task AskAsync(ChurnedTenant tenant, long number, SemaphoreSlim room)
    {
        var (pod, path, expected) = tenant.Kind switch
        {
            ChurnKind.Served => (platform.Gateway, platform.Gateway.Smallest, 200),
            ChurnKind.Refused => (_pods[(int)(number % _pods.Count)], _pods[0].Smallest, 403),
            _ => (platform.Gateway, "/ledger/v1/nothing", 404),
        };
        var status = 0;
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            var token = platform.Tokens.Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["sub"] = "soak", ["tenantId"] = tenant.Id }, TokenLife);
            using var response = await pod.SendAsync(HttpMethod.Get, path, token, body: null, limit.Token);
            status = (int)response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            // Counted as what it is: no answer.
        }
        finally
        {
            tally.Count(tenant.Kind, expected, status);
            room.Release();
        }
    }
}
