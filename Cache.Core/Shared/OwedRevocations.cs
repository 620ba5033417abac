using System.Collections.Concurrent;
using Cache.Core.Coherence;
using Cache.Core.Fencing;

namespace Cache.Core.Shared;

/// <summary>
/// Invalidations and denials that L2 could not take. Until they are done this process reads those keys there no more
/// (RevocationWins), and it keeps trying, so that other processes stop reading them too.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class OwedRevocations(IFence fence, SharedCalls calls, ICoherence coherence, TimeProvider time, CancellationToken stop = default)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, Revocation> _owed = new(StringComparer.Ordinal);
    private int _isPaying;

    public int Count => _owed.Count;

    /// <summary>Revokes now, or owes it; null when it is owed.</summary>
    public async ValueTask<FenceOutcome?> RevokeAsync(string stored, Revocation revocation, CancellationToken cancellationToken)
    {
        Add(stored, revocation, startPaying: false);
        var outcome = await TryAsync(stored, revocation, cancellationToken).ConfigureAwait(false);
        if (outcome is null)
            StartPaying();
        return outcome;
    }

    public void Add(string stored, Revocation revocation) => Add(stored, revocation, startPaying: true);

    /// <summary>What was owed has been outdated by a write that took effect.</summary>
    public void Settle(string stored) => _owed.TryRemove(stored, out _);

    /// <summary>Does what is owed for a key; false when it still is. Free when nothing is owed.</summary>
    public ValueTask<bool> PayAsync(string stored, CancellationToken cancellationToken)
    {
        if (_owed.IsEmpty || !_owed.TryGetValue(stored, out var revocation))
            return ValueTask.FromResult(true);
        return PaySlowlyAsync(stored, revocation, cancellationToken);
    }

    /// <summary>Tries to do all that is owed: what this process leaves undone, others go on serving until it expires.</summary>
    public async Task PayOnceAsync()
    {
        foreach (var (stored, revocation) in _owed)
        {
            // One that fails says that the others would too.
            if (await TryAsync(stored, revocation, CancellationToken.None).ConfigureAwait(false) is null)
                break;
        }
    }

    private async ValueTask<bool> PaySlowlyAsync(string stored, Revocation revocation, CancellationToken cancellationToken) =>
        await TryAsync(stored, revocation, cancellationToken).ConfigureAwait(false) is not null;

    private void Add(string stored, Revocation revocation, bool startPaying)
    {
        // A denial is not forgotten for the sake of a later invalidation, which knows less.
        _owed.AddOrUpdate(
            stored, static (_, add) => add, static (_, present, add) => present.IsDenial && !add.IsDenial ? present : add, revocation);
        if (startPaying)
            StartPaying();
    }

    private async ValueTask<FenceOutcome?> TryAsync(string stored, Revocation revocation, CancellationToken cancellationToken)
    {
        var owes = _owed.GetValueOrDefault(stored) ?? revocation;
        var outcome = await calls.RunAsync(
            owes.IsDenial ? "deny" : "invalidate",
            (fence, stored, owes),
            static async (call, stop) =>
            {
                if (call.owes.IsDenial)
                    return await call.fence.DenyAsync(call.stored, call.owes.Status ?? string.Empty, call.owes.Revision, call.owes.FenceLife, stop).ConfigureAwait(false);
                await call.fence.InvalidateAsync(call.stored, call.owes.FenceLife, stop).ConfigureAwait(false);
                return FenceOutcome.Stored;
            },
            cancellationToken).ConfigureAwait(false);
        if (outcome is null)
            return null;
        _owed.TryRemove(KeyValuePair.Create(stored, owes));
        await coherence.AnnounceAsync(stored, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    private void StartPaying()
    {
        if (Interlocked.Exchange(ref _isPaying, 1) == 0)
            _ = PayAllAsync();
    }

    private async Task PayAllAsync()
    {
        while (!_owed.IsEmpty)
        {
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            await PayOnceAsync().ConfigureAwait(false);
        }

        Volatile.Write(ref _isPaying, 0);
        if (!_owed.IsEmpty)
            StartPaying();
    }
}
