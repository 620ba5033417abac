using Cache.Core.Valkey;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>
/// A key that this request holds. Its record in Valkey lives for one lease and is renewed while the request runs, so a process that
/// dies blocks its keys for no longer than that; whatever is changed, is changed only where the record still is this request's.
/// </summary>
internal sealed class HeldKey : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ICacheClient _valkey;
    private readonly string _key;
    private readonly byte[] _record;
    private readonly IdempotencyOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    public HeldKey(ICacheClient valkey, string key, byte[] record, IdempotencyOptions options, TimeProvider time)
    {
        (_valkey, _key, _record, _options, _time) = (valkey, key, record, options, time);
        _renewing = RenewAsync(new PeriodicTimer(options.Lease / 3, time));
    }

    /// <summary>Keeps the answer. Where Valkey cannot take it, it is offered again, behind the request, for as long as the lease can last.</summary>
    /// <param name="completed">The record.</param>
    /// <param name="ended">Told once whether it is kept.</param>
    public async ValueTask CompleteAsync(byte[] completed, Action<bool> ended)
    {
        await StopAsync();
        if (await TryCompleteAsync(completed) is { } isKept)
            ended(isKept);
        else
            _ = CompleteLaterAsync(completed, ended);
    }

    /// <summary>Gives the key back. Where Valkey cannot take it, the lease ends by itself.</summary>
    public async ValueTask ReleaseAsync()
    {
        await StopAsync();
        try
        {
            await _valkey.DeleteIfEqualAsync(_key, _record);
        }
        catch (CacheUnavailableException)
        {
            // The lease ends by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Whether the record still was this request's; null when Valkey cannot say.</summary>
    private async ValueTask<bool?> TryCompleteAsync(byte[] completed)
    {
        try
        {
            return await _valkey.SetIfEqualAsync(_key, _record, completed, _options.Retention);
        }
        catch (CacheUnavailableException)
        {
            return null;
        }
    }

    private async Task CompleteLaterAsync(byte[] completed, Action<bool> ended)
    {
        bool? isKept = null;
        for (var waited = TimeSpan.Zero; isKept is null && waited < _options.Lease; waited += Pause)
        {
            await Task.Delay(Pause, _time);
            isKept = await TryCompleteAsync(completed);
        }

        ended(isKept == true);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RenewAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    // Lost: the answer will not be kept either.
                    if (!await _valkey.SetIfEqualAsync(_key, _record, _record, _options.Lease))
                        return;
                }
                catch (CacheUnavailableException)
                {
                    // There are two more turns in a lease.
                }
            }
        }
    }
}
