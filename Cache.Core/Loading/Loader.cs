using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Shared;
using Cache.Core.Snapshots;
using Cache.Core.Tagging;
using Cache.Core.Tiered;

namespace Cache.Core.Loading;

/// <summary>
/// Loads a key that L1 does not hold fresh: from L2, from the process that is fetching it, or from the source. One load per
/// key and process at a time; the flight table sees to that.
/// </summary>
internal sealed class Loader(MemoryTier l1, SharedTier? l2, AnswerKeeper keeper, Fetcher fetcher, SharedReads reads, LeaseWaits waits, TagTable tags, CacheMetrics metrics, KnownTable? knowledge = null)
{
    /// <summary>Looks through the tiers and fetches when both miss; a failing source is answered with a stale entry if there is one.</summary>
    public Task<CacheLookup<T>> LookUpAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken) =>
        load.Many is { } many ? LookUpAsync(many, load, cancellationToken) : LookUpOneAsync(load, cancellationToken);

    /// <summary>
    /// What L2 holds of many keys, in one step: the answers that need no more than reading it. Away where L2 does not answer for the key;
    /// neither where it has to go the way of one by itself.
    /// </summary>
    public async Task<(CacheLookup<T>? Found, bool IsAway)[]> FindManyAsync<T>(IReadOnlyList<string> keys, EntryPlan plan, CancellationToken cancellationToken)
    {
        var marks = keys.Select(keeper.Mark).ToArray();
        var read = await reads.ReadHitsAsync<T>(keys, plan, cancellationToken).ConfigureAwait(false);
        var found = new (CacheLookup<T>? Found, bool IsAway)[keys.Count];
        for (var n = 0; n < found.Length; n++)
        {
            if (read[n] is not { } one)
                continue;
            if (!one.IsHit)
                found[n].IsAway = true;
            else if (keeper.Fill(keys[n], marks[n], one, plan) == FillResult.Accepted)
                found[n].Found = one.ToLookup(plan);
        }

        return found;
    }

    private async Task<CacheLookup<T>> LookUpAsync<TState, T>(IManyLoad<T> many, Load<TState, T> load, CancellationToken cancellationToken)
    {
        many.Start(load.Key);
        try
        {
            return await LookUpOneAsync(load, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            many.Pass(load.Key);
        }
    }

    private async Task<CacheLookup<T>> LookUpOneAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartLookup(load.Key);
        var wait = waits.Begin(load.Plan.LongestWait);
        for (var attempt = 1; ; attempt++)
        {
            var mark = keeper.Mark(load.Key);
            await LearnTagsAsync(load.Key, load.Plan, cancellationToken).ConfigureAwait(false);
            if (TryAnswerFromL1<T>(load.Key, load.Plan, out var known, out var mustAsk))
                return Answered(known);
            // Who keeps nothing holds nobody up, and waits for nobody's fetch.
            var owner = FenceToken.New();
            var before = knowledge?.Find(load.Key);
            var read = await reads.ReadAsync<T>(load.Key, load.Plan.KeepsNothing ? null : owner, load.Plan, cancellationToken, load.Many).ConfigureAwait(false);
            if (read.IsHit)
            {
                var filled = keeper.Fill(load.Key, mark, read, load.Plan);
                if (filled == FillResult.Accepted)
                    return Answered(read.ToLookup(load.Plan));
                if (filled == FillResult.Overtaken && attempt < Fetcher.MostAttempts)
                    continue;
                read = SharedRead<T>.Miss(default);
            }

            if (read.Note is { Value: null } && !read.IsHit)
                l1.Missed(load.Key);
            Missed(load.Key, read, before, load.Plan);
            if (!mustAsk && TryRefuse<T>(load.Key, mark, read, load.Plan, out var refused))
                return Answered(refused);
            if (read.Note is { IsLeasedElsewhere: true } && !load.Plan.KeepsNothing)
            {
                load.Many?.Pass(load.Key);
                if (await wait.NextAsync(l2!.StoredKey(load.Key), cancellationToken).ConfigureAwait(false))
                {
                    attempt--;
                    continue;
                }
            }

            var (answer, again) = await fetcher.AskAsync(load with { Plan = load.Plan.After(wait.Waited) }, mark, read.Note, owner, attempt, cancellationToken).ConfigureAwait(false);
            if (!again)
                return Answered(answer);
        }

        CacheLookup<T> Answered(CacheLookup<T> lookup)
        {
            span.Answered(lookup);
            return lookup;
        }
    }

    /// <summary>Looks through the tiers and never asks the source; null when neither knows.</summary>
    /// <param name="key">The key.</param>
    /// <param name="plan">How it is kept.</param>
    /// <param name="isStaleTaken">Whether a stale entry of L1 is an answer while L2 is away.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<CacheLookup<T>?> TryGetAsync<T>(string key, EntryPlan plan, bool isStaleTaken, CancellationToken cancellationToken) =>
        (await TryGetWithLifeAsync<T>(key, plan, isStaleTaken, cancellationToken).ConfigureAwait(false)).Lookup;

    /// <summary>As <see cref="TryGetAsync"/>, and what remains of the value's life, if it was read in L2 and ends there; or whether L2 was away.</summary>
    public async Task<(CacheLookup<T>? Lookup, TimeSpan? Remaining, bool IsAway)> TryGetWithLifeAsync<T>(string key, EntryPlan plan, bool isStaleTaken, CancellationToken cancellationToken)
    {
        var mark = keeper.Mark(key);
        await LearnTagsAsync(key, plan, cancellationToken).ConfigureAwait(false);
        if (TryAnswerFromL1<T>(key, plan, out var known, out _))
            return (known, null, false);
        var before = knowledge?.Find(key);
        var read = await reads.ReadAsync<T>(key, owner: null, plan, cancellationToken).ConfigureAwait(false);
        Missed(key, read, before, plan);
        if (read.IsHit && MayAnswer(key, mark, read, keeper.Fill(key, mark, read, plan)))
            return (read.ToLookup(plan), read.Remaining, false);
        if (isStaleTaken && read is { IsHit: false, Note: null } && fetcher.TryServeInstead<T>(key, out var instead))
            return (instead, null, true);
        return TryRefuse<T>(key, mark, read, plan, out var refused) ? (refused, null, false) : (null, null, read is { IsHit: false, Note: null });
    }

    /// <summary>As <see cref="TryGetAsync"/>, without filling L1 or learning of what is read.</summary>
    public async Task<CacheLookup<T>?> PeekAsync<T>(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (TryAnswerFromL1<T>(key, plan, out var known, out var mustAsk))
            return known;
        var read = await reads.ReadAsync<T>(key, owner: null, plan, cancellationToken).ConfigureAwait(false);
        if (read.IsHit)
            return l1.IsOutdated(key, l1.NoteEpoch(key), read.Revision) ? null : read.ToLookup(plan);
        if (mustAsk)
            return null;
        return read.Note switch
        {
            { Denial: { } status } note => new CacheLookup<T>(FetchResult<T>.Denied(NullIfEmpty(status), note.DenialRevision), CacheSource.L2),
            { IsAbsent: true } => new CacheLookup<T>(FetchResult<T>.NotFound(), CacheSource.L2),
            _ => null,
        };
    }

    /// <summary>
    /// A change of a tag, its making included, is heard as "look again". Who does not read L2 would take every entry that carries it for
    /// gone; who reads it looks again by that.
    /// </summary>
    private ValueTask LearnTagsAsync(string key, EntryPlan plan, CancellationToken cancellationToken) =>
        plan.Skips(CacheSteps.ReadL2) && !plan.Skips(CacheSteps.ReadL1) && l1.UnknownTags(key) is TagStamps unknown
            ? tags.LearnAsync(unknown, cancellationToken)
            : ValueTask.CompletedTask;

    private bool TryAnswerFromL1<T>(string key, EntryPlan plan, out CacheLookup<T> lookup, out bool mustAsk)
    {
        (lookup, mustAsk) = (default, false);
        if (l1.TryGetDenied(key, out var tombstone, out var isDue))
        {
            mustAsk = isDue && l1.IsPastSoft(tombstone);
            if (isDue)
                return false;
            metrics.Refused();
            lookup = new CacheLookup<T>(FetchResult<T>.Denied(tombstone.Status, tombstone.DenialRevision), CacheSource.L1);
            return true;
        }

        if (plan.Skips(CacheSteps.ReadL1))
            return false;

        // A load that began while the previous one landed finds the entry here.
        if (l1.TryGetFresh<T>(key, out var entry))
        {
            lookup = new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1);
            return true;
        }

        lookup = new CacheLookup<T>(FetchResult<T>.NotFound(), CacheSource.L1);
        return l1.IsNotFound(key);
    }

    /// <summary>L2 was asked and is there, but has no value that can be used.</summary>
    private void Missed<T>(string key, in SharedRead<T> read, KnownRecord? before, EntryPlan plan)
    {
        if (before is not null && read is { IsHit: false, Note: { Value: null } } && !plan.Skips(CacheSteps.ReadL2))
            knowledge!.Missed(key, before);
    }

    /// <summary>A caller from before an invalidation may still get what it has removed, but nothing older than what is known.</summary>
    private bool MayAnswer<T>(string key, Mark mark, in SharedRead<T> read, FillResult filled) =>
        filled == FillResult.Accepted || (filled == FillResult.Overtaken && l1.Learn(key, mark.Epoch, read.Revision));

    /// <summary>Whether L2 knows that the key is denied or unknown to the source.</summary>
    private bool TryRefuse<T>(string key, Mark mark, in SharedRead<T> read, EntryPlan plan, out CacheLookup<T> lookup)
    {
        lookup = default;
        if (read.Note is not { } note)
            return false;
        if (note.Denial is { } status)
        {
            if (!l1.TryDeny(key, NullIfEmpty(status), note.DenialRevision, plan.RecheckAfter(), plan.TombstoneLife, mark.Epoch))
                return false;
            metrics.Refused();
            lookup = new CacheLookup<T>(FetchResult<T>.Denied(NullIfEmpty(status), note.DenialRevision), CacheSource.L2);
            return true;
        }

        if (!note.IsAbsent)
            return false;
        l1.TryNotFound(key, mark.Epoch, plan.NegativeLife());
        lookup = new CacheLookup<T>(FetchResult<T>.NotFound(), CacheSource.L2);
        return true;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
