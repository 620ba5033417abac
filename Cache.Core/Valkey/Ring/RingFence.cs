using Cache.Core.Fencing;

namespace Cache.Core.Valkey.Ring;

/// <summary><see cref="IFence"/> over the ring: each key's on its node, and revocations on all of them (<see cref="RingChanges"/>).</summary>
/// <remarks>
/// Only a key's own node keeps its tombstone and its revisions; on the others the value goes and fetches in flight are overtaken.
/// A generation that was noted on one node matches on no other: a fetch that the ring's change has overtaken stores nothing.
/// </remarks>
internal sealed class RingFence(RingNodes nodes, RingChanges changes) : IFence, IManyFence
{
    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        return nodes.Find(key) is { } member ? member.Client.Fence.ReadAsync(key, fenceLife, owner, lease, cancellationToken) : FirstAsync();

        async ValueTask<FenceNote> FirstAsync() =>
            await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).ReadAsync(key, fenceLife, owner, lease, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<FenceNote> PeekAsync(string key, CancellationToken cancellationToken = default) =>
        await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).PeekAsync(key, cancellationToken).ConfigureAwait(false);

    public async ValueTask<FenceNote> NoteAsync(
        string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).NoteAsync(key, fenceLife, owner, lease, cancellationToken).ConfigureAwait(false);

    public async ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default)
    {
        if (write.IsRemoval)
        {
            return await changes.ChangeAsync(
                key, member => member.Client.Fence.StoreAsync(key, value, write, cancellationToken), IsStored, member => DropAsync(member, key, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        return await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).StoreAsync(key, value, write, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) => changes.ChangeAsync(
        key,
        member => member.Client.Fence.PutAsync(key, value, write, cancellationToken),
        IsStored,
        member => member.Client.Fence.InvalidateAsync(key, write.FenceLife, cancellationToken),
        cancellationToken);

    public async ValueTask<bool> ExtendAsync(
        string key, string generation, TimeSpan timeToLive, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).ExtendAsync(key, generation, timeToLive, fenceLife, cancellationToken).ConfigureAwait(false);

    public async ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) => await changes.ChangeAsync(
        key,
        async member =>
        {
            await member.Client.Fence.InvalidateAsync(key, fenceLife, cancellationToken).ConfigureAwait(false);
            return true;
        },
        static done => done,
        member => member.Client.Fence.InvalidateAsync(key, fenceLife, cancellationToken),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default)
    {
        var elsewhere = 0;
        var outcome = await changes.ChangeAsync(
            key,
            member => member.Client.Fence.DropAsync(key, onlyWithoutValue, cancellationToken),
            static _ => true,
            async member =>
            {
                if (await member.Client.Fence.DropAsync(key, onlyWithoutValue, cancellationToken).ConfigureAwait(false) == DropOutcome.Dropped)
                    Volatile.Write(ref elsewhere, 1);
            },
            cancellationToken).ConfigureAwait(false);
        return outcome == DropOutcome.Absent && elsewhere == 1 ? DropOutcome.Dropped : outcome;
    }

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) => changes.ChangeAsync(
        key,
        member => member.Client.Fence.DenyAsync(key, status, revision, fenceLife, cancellationToken),
        IsStored,
        member => DropAsync(member, key, cancellationToken),
        cancellationToken);

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) => changes.ChangeAsync(
        key,
        member => member.Client.Fence.MarkAbsentAsync(key, generation, life, owner, cancellationToken),
        IsStored,
        member => DropAsync(member, key, cancellationToken),
        cancellationToken);

    public async ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).RenewAsync(key, owner, lease, cancellationToken).ConfigureAwait(false);

    public async ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) =>
        await (await FenceOfAsync(key, cancellationToken).ConfigureAwait(false)).ReleaseAsync(key, owner, cancellationToken).ConfigureAwait(false);

    public async ValueTask<FenceHit[]> ReadHitsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var hits = new FenceHit[keys.Count];
        await ByNodeAsync(
            keys.Count,
            n => keys[n],
            async (many, some) =>
            {
                var read = await many.ReadHitsAsync(Array.ConvertAll(some, n => keys[n]), cancellationToken).ConfigureAwait(false);
                for (var n = 0; n < some.Length; n++)
                    hits[some[n]] = read[n];
            },
            n => hits[n] = new FenceHit(Note: null, IsAway: true),
            cancellationToken).ConfigureAwait(false);
        return hits;
    }

    public async ValueTask<FenceNote?[]> ReadManyAsync(
        IReadOnlyList<(string Key, string? Owner)> keys, TimeSpan fenceLife, TimeSpan lease, CancellationToken cancellationToken)
    {
        var notes = new FenceNote?[keys.Count];
        await ByNodeAsync(
            keys.Count,
            n => keys[n].Key,
            async (many, some) =>
            {
                var read = await many.ReadManyAsync(Array.ConvertAll(some, n => keys[n]), fenceLife, lease, cancellationToken).ConfigureAwait(false);
                for (var n = 0; n < some.Length; n++)
                    notes[some[n]] = read[n];
            },
            static _ => { },
            cancellationToken).ConfigureAwait(false);
        return notes;
    }

    private static bool IsStored(FenceOutcome outcome) => outcome == FenceOutcome.Stored;

    private static async ValueTask DropAsync(RingMember member, string key, CancellationToken cancellationToken) =>
        await member.Client.Fence.DropAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false);

    private async ValueTask<IFence> FenceOfAsync(string key, CancellationToken cancellationToken) =>
        (await nodes.FindAsync(key, cancellationToken).ConfigureAwait(false)).Client.Fence;

    /// <summary>Asks all nodes at the same time, each for its keys.</summary>
    /// <exception cref="CacheUnavailableException">None answers.</exception>
    private async Task ByNodeAsync(int count, Func<int, string> keyOf, Func<IManyFence, int[], Task> ask, Action<int> isAway, CancellationToken cancellationToken)
    {
        if (count > 0 && nodes.View.In == 0)
            await nodes.FindAsync(keyOf(0), cancellationToken).ConfigureAwait(false);
        CacheUnavailableException? failure = null;
        var lost = 0;
        await Task.WhenAll(Enumerable.Range(0, count).GroupBy(n => nodes.Find(keyOf(n))).Select(group => AskAsync(group.Key, [.. group]))).ConfigureAwait(false);
        if (failure is not null && lost == count)
            throw failure;

        async Task AskAsync(RingMember? member, int[] some)
        {
            try
            {
                if (member is null)
                    throw new CacheUnavailableException("The node of the ring that has the keys does not answer.");
                await ask((IManyFence)member.Client.Fence, some).ConfigureAwait(false);
            }
            catch (CacheUnavailableException exception)
            {
                failure = exception;
                Interlocked.Add(ref lost, some.Length);
                foreach (var n in some)
                    isAway(n);
            }
        }
    }
}
