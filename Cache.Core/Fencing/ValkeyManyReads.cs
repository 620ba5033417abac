using Cache.Core.Valkey;
using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using Cache.Core.Valkey.Scripting;

namespace Cache.Core.Fencing;

/// <summary><see cref="IManyFence"/> in Valkey: to each server in one write over its direct connection, and to all servers at the same time.</summary>
/// <remarks>
/// For each key the commands are those of a read by itself, in the same order, so what holds of that (<see cref="ValkeyFence"/>) holds here.
/// What no direct connection answers is read key by key: also keys of a write of which the server has done a part (slots on their way to
/// another server), whose leases are found to be their owner's.
/// </remarks>
internal sealed class ValkeyManyReads(ValkeyCalls calls, ValkeyScripts scripts, ValkeyFence fence) : IManyFence
{
    /// <summary>So many keys go out in one write: what the socket's buffer holds besides what others send.</summary>
    private const int MostAtOnce = 128;

    public async ValueTask<FenceHit[]> ReadHitsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var hits = new FenceHit[keys.Count];
        await AskAsync(keys.Count, n => keys[n], ReadAsync, n => hits[n] = new FenceHit(Note: null, IsAway: true)).ConfigureAwait(false);
        return hits;

        async Task ReadAsync(int[] some)
        {
            var builder = new RespBuilder(some.Sum(n => ValkeyFence.ReadSize(keys[n])));
            foreach (var n in some)
                ValkeyFence.AddRead(ref builder, keys[n]);
            var request = new DirectRequest(keys[some[0]], builder.Written, some.Length * ValkeyFence.ReadReplies, IsRead: true);
            if (await calls.TryAskAsync("GET", calls.ReadLimit, request, cancellationToken).ConfigureAwait(false) is not { } replies)
                return;
            for (var n = 0; n < some.Length; n++)
            {
                if (ValkeyFence.TryHit(replies.AsSpan(n * ValkeyFence.ReadReplies, ValkeyFence.ReadReplies), out var note))
                    hits[some[n]] = new FenceHit(note);
            }
        }
    }

    public async ValueTask<FenceNote?[]> ReadManyAsync(
        IReadOnlyList<(string Key, string? Owner)> keys, TimeSpan fenceLife, TimeSpan lease, CancellationToken cancellationToken)
    {
        var notes = new FenceNote?[keys.Count];
        var isAway = new bool[keys.Count];
        await AskAsync(keys.Count, n => keys[n].Key, NoteAsync, n => isAway[n] = true).ConfigureAwait(false);
        await AskAloneAsync(Enumerable.Range(0, keys.Count).Where(n => notes[n] is null && !isAway[n])).ConfigureAwait(false);
        return notes;

        async Task NoteAsync(int[] some)
        {
            var left = await NoteTogetherAsync(some).ConfigureAwait(false);
            if (left.Length == 0)
                return;

            // By its text the server knows the script again, and the others need not send it.
            await AskAloneAsync(left[..1]).ConfigureAwait(false);
            if (left.Length > 1)
                await NoteTogetherAsync(left[1..]).ConfigureAwait(false);
        }

        // Answers those for which the server does not know the script.
        async Task<int[]> NoteTogetherAsync(int[] some)
        {
            var runs = Array.ConvertAll(some, n => ValkeyFence.NoteRun(keys[n].Key, fenceLife, keys[n].Owner ?? string.Empty, lease));
            if (await scripts.TryRunManyAsync(FenceScript.Note, runs, calls.ReadLimit, cancellationToken).ConfigureAwait(false) is not { } replies)
                return [];
            for (var n = 0; n < some.Length; n++)
            {
                if (replies[n].Kind != RespKind.Error)
                    notes[some[n]] = ValkeyFence.NoteOf(replies[n], keys[some[n]].Owner ?? string.Empty);
            }

            return [.. some.Where(n => notes[n] is null)];
        }

        Task AskAloneAsync(IEnumerable<int> some) => Task.WhenAll(some.ToList().Select(async n =>
        {
            try
            {
                notes[n] = await fence.RunNoteAsync(keys[n].Key, fenceLife, keys[n].Owner ?? string.Empty, lease, cancellationToken).ConfigureAwait(false);
            }
            catch (CacheUnavailableException)
            {
                isAway[n] = true;
            }
        }));
    }

    /// <summary>Asks each key's server for its keys, a part at a time.</summary>
    /// <exception cref="CacheUnavailableException">None answers.</exception>
    private async Task AskAsync(int count, Func<int, string> keyOf, Func<int[], Task> ask, Action<int> isAway)
    {
        var servers = Enumerable.Range(0, count)
            .GroupBy(n => calls.ServerOf(keyOf(n)))
            .Where(static server => server.Key is not null)
            .Select(static server => server.Chunk(MostAtOnce).ToArray())
            .ToArray();
        CacheUnavailableException? failure = null;
        var lost = 0;

        // The first answer is waited for on the thread that asks: with several servers each has one.
        if (servers.Length == 1)
            await AskServerAsync(servers[0]).ConfigureAwait(false);
        else
            await Task.WhenAll(servers.Select(parts => Task.Run(() => AskServerAsync(parts)))).ConfigureAwait(false);
        if (failure is not null && lost == count)
            throw failure;

        async Task AskServerAsync(int[][] parts)
        {
            for (var next = 0; next < parts.Length; next++)
            {
                try
                {
                    await ask(parts[next]).ConfigureAwait(false);
                }
                catch (CacheUnavailableException exception)
                {
                    // One that does not answer is not asked for the rest.
                    failure = exception;
                    foreach (var n in parts[next..].SelectMany(static part => part))
                    {
                        isAway(n);
                        Interlocked.Increment(ref lost);
                    }

                    return;
                }
            }
        }
    }
}
