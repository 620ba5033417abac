using System.Collections.Concurrent;
using Cache.Core.Administration;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Tagging;
using Cache.Core.Valkey;

namespace Cache.Core.Shared;

/// <summary>
/// Invalidations and denials that L2 could not take. Until they are done this process reads those keys there no more
/// (RevocationWins), and it keeps trying, so that other processes stop reading them too.
/// </summary>
/// <remarks>
/// Safe for concurrent use. However long L2 is away, what is remembered is bounded: when there are too many invalidations, every
/// key of the cache is owed one, as an administrator's deletion of all of them (<see cref="PatternDeletion"/>), and until that is
/// done this process reads nothing in L2. Denials are kept one by one all the same.
/// </remarks>
internal sealed class OwedRevocations(
    ICacheClient client, string keyPrefix, SharedCalls calls, ICoherence coherence, TimeProvider time, int most = OwedRevocations.MostKeys, CancellationToken stop = default)
{
    /// <summary>A few megabytes; by then most of what lies in L2 is worth nothing anyway.</summary>
    private const int MostKeys = 50_000;

    /// <summary>So many keys at a time.</summary>
    private const int SweepStep = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, Revocation> _owed = new(StringComparer.Ordinal);
    private readonly IFence _fence = client.Fence;
    private readonly Lock _sweeping = new();
    private readonly int _most = most;

    /// <summary>Another one each time that every key is owed an invalidation; null when none is.</summary>
    private volatile object? _everything;
    private int _sweepAt = most;
    private int _isPaying;

    /// <summary>How many keys are remembered.</summary>
    public int Count => _owed.Count;

    /// <summary>Whether every key is owed an invalidation.</summary>
    public bool IsOfEverything => _everything is not null;

    /// <summary>Revokes now, or owes it; null when it is owed.</summary>
    public async ValueTask<FenceOutcome?> RevokeAsync(string stored, Revocation revocation, CancellationToken cancellationToken)
    {
        Add(stored, revocation, startPaying: false);
        var outcome = await TryAsync(stored, revocation, cancellationToken).ConfigureAwait(false);
        if (outcome is null)
            Owe();
        return outcome;
    }

    public void Add(string stored, Revocation revocation) => Add(stored, revocation, startPaying: true);

    /// <summary>What was owed has been outdated by a write that took effect.</summary>
    public void Settle(string stored) => _owed.TryRemove(stored, out _);

    /// <summary>Does what is owed for a key; false when it still is. Free when nothing is owed.</summary>
    public ValueTask<bool> PayAsync(string stored, CancellationToken cancellationToken)
    {
        if (_owed.IsEmpty || !_owed.TryGetValue(stored, out var revocation))
            return ValueTask.FromResult(!IsOfEverything);
        return PaySlowlyAsync(stored, revocation, cancellationToken);
    }

    /// <summary>Tries to do all that is owed: what this process leaves undone, others go on serving until it expires.</summary>
    public async Task PayOnceAsync()
    {
        foreach (var (stored, revocation) in _owed)
        {
            // One that fails says that the others would too.
            if (await TryAsync(stored, revocation, CancellationToken.None).ConfigureAwait(false) is null)
                return;
        }

        // What has become owed meanwhile stays: the walk may have passed its key.
        if (_everything is { } everything && await TrySweepAsync().ConfigureAwait(false))
            Interlocked.CompareExchange(ref _everything, value: null, everything);
    }

    private async ValueTask<bool> PaySlowlyAsync(string stored, Revocation revocation, CancellationToken cancellationToken) =>
        await TryAsync(stored, revocation, cancellationToken).ConfigureAwait(false) is not null && !IsOfEverything;

    private async ValueTask<bool> TrySweepAsync()
    {
        var sweep = new PatternDeletion(client, coherence, GlobPattern.Escape(keyPrefix) + "*", key => TagTable.IsTag(keyPrefix, key));
        try
        {
            while (!(await sweep.StepAsync(SweepStep, stop).ConfigureAwait(false)).IsLast)
            {
                // On to the next.
            }

            return true;
        }
        catch (Exception exception) when (exception is CacheUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Owe()
    {
        if (_owed.Count > Volatile.Read(ref _sweepAt))
            OweEverything();
        StartPaying();
    }

    private void OweEverything()
    {
        lock (_sweeping)
        {
            if (_owed.Count <= _sweepAt)
                return;

            // Before any goes, so that no key is owed nothing in between.
            _everything = new object();
            foreach (var owed in _owed)
            {
                if (!owed.Value.IsDenial)
                    _owed.TryRemove(owed);
            }

            Volatile.Write(ref _sweepAt, Math.Max(_most, 2 * _owed.Count));
        }
    }

    private void Add(string stored, Revocation revocation, bool startPaying)
    {
        // A denial is not forgotten for the sake of a later invalidation, which knows less.
        _owed.AddOrUpdate(
            stored, static (_, add) => add, static (_, present, add) => present.IsDenial && !add.IsDenial ? present : add, revocation);
        if (startPaying)
            Owe();
    }

    private async ValueTask<FenceOutcome?> TryAsync(string stored, Revocation revocation, CancellationToken cancellationToken)
    {
        var owes = _owed.GetValueOrDefault(stored) ?? revocation;
        var outcome = await calls.RunAsync(
            owes.IsDenial ? "deny" : "invalidate",
            (_fence, stored, owes),
            static async (call, stop) =>
            {
                if (call.owes.IsDenial)
                    return await call._fence.DenyAsync(call.stored, call.owes.Status ?? string.Empty, call.owes.Revision, call.owes.FenceLife, stop).ConfigureAwait(false);
                await call._fence.InvalidateAsync(call.stored, call.owes.FenceLife, stop).ConfigureAwait(false);
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
        while (!_owed.IsEmpty || IsOfEverything)
        {
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            await PayOnceAsync().ConfigureAwait(false);
        }

        Volatile.Write(ref _isPaying, 0);
        if (!_owed.IsEmpty || IsOfEverything)
            StartPaying();
    }
}
