using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Shared;
using Cache.Core.Tagging;

namespace Cache.Core.Loading;

/// <summary>Fetches although there may be a value: because a caller wants the source's own word, or behind one that is served stale.</summary>
internal sealed class Refresher(SharedTier? l2, AnswerKeeper keeper, Fetcher fetcher, SharedReads reads, LeaseWaits waits, TagTable tags, TimeProvider time)
{
    /// <summary>What two readings of one expiration may differ by, for the time that their answers took.</summary>
    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(250);

    /// <summary>Fetches without reading either tier. Throws when the source fails.</summary>
    public async Task<CacheLookup<T>> RefreshAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartRefresh(load.Key);
        for (var attempt = 1; ; attempt++)
        {
            var mark = keeper.Mark(load.Key);
            var note = l2 is null ? null : await l2.NoteAsync(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false);
            var noted = await tags.NoteAsync(load.Plan.Tags, note is null, cancellationToken).ConfigureAwait(false);
            var result = await fetcher.FetchAsync(load, cancellationToken).ConfigureAwait(false);
            var (answer, again) = await fetcher.KeepAsync(load, mark, note?.Generation, owner: null, result, attempt, noted, cancellationToken).ConfigureAwait(false);
            if (again)
                continue;
            span.Answered(answer);
            return answer;
        }
    }

    /// <summary>Refreshes an entry that is served meanwhile; one process does it for all.</summary>
    public async Task<CacheLookup<T>> RefreshSharedAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        if (l2 is null)
            return await RefreshAsync(load, cancellationToken).ConfigureAwait(false);
        using var span = CacheTracing.StartRefresh(load.Key);
        var wait = waits.Begin(load.Plan.LongestWait);
        var began = time.GetTimestamp();
        TimeSpan? present = null;
        var hasWaited = false;
        for (var attempt = 1; ; attempt++)
        {
            var mark = keeper.Mark(load.Key);
            var owner = FenceToken.New();
            var note = await l2.NoteAsync(load.Key, owner, load.Plan, cancellationToken).ConfigureAwait(false);

            // After the note: whoever was waited for may just have stored its answer, and who has the lease now need not fetch
            // another. Woken by the clock before that, one finds what is being refreshed.
            if (hasWaited)
            {
                var read = await reads.ReadAsync<T>(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false);
                if (read.IsHit && IsAnother(present, LastsUntil(read, began)) && keeper.Fill(load.Key, mark, read, load.Plan) == FillResult.Accepted)
                {
                    if (note is { IsLeased: true })
                        await l2.ReleaseAsync(load.Key, owner).ConfigureAwait(false);
                    return read.ToLookup(load.Plan);
                }
            }

            if (note is { IsLeasedElsewhere: true })
            {
                load.Many?.Pass(load.Key);
                present ??= LastsUntil(await reads.ReadAsync<T>(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false), began);
                if (await wait.NextAsync(l2.StoredKey(load.Key), cancellationToken).ConfigureAwait(false))
                {
                    hasWaited = true;
                    attempt--;
                    continue;
                }
            }

            var (answer, again) = await fetcher.AskAsync(load, mark, note, owner, attempt, cancellationToken).ConfigureAwait(false);
            if (!again)
                return answer;
        }
    }

    /// <summary>When a value goes from L2, counted from a moment; null: never, or it is not there.</summary>
    private TimeSpan? LastsUntil<T>(in SharedRead<T> read, long began) => read.Remaining is { } left ? time.GetElapsedTime(began) + left : null;

    /// <summary>Whether a value was stored anew: then it lasts until another moment.</summary>
    private static bool IsAnother(TimeSpan? present, TimeSpan? read) => present is not { } was || read is not { } now || (now - was).Duration() > SameMoment;
}
