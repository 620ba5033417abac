using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Tagging;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Tiered;

/// <summary>
/// Loads a key that L1 does not hold fresh: from L2, from the process that is fetching it, or from the source. One load per
/// key and process at a time; the flight table sees to that.
/// </summary>
internal sealed partial class Loader(
    MemoryTier l1,
    SharedTier? l2,
    AnswerKeeper keeper,
    SourceCalls source,
    LeaseWaits waits,
    FailureBackOff failures,
    TagTable tags,
    TimeProvider time,
    CacheMetrics metrics,
    ILogger logger)
{
    /// <summary>Fetches that something else has overtaken are made again so often.</summary>
    private const int MostAttempts = 3;

    /// <summary>What two readings of one expiration may differ by, for the time that their answers took.</summary>
    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks through the tiers and fetches when both miss; a failing source is answered with a stale entry if there is one.</summary>
    public async Task<CacheLookup<T>> LookUpAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartLookup(load.Key);
        var wait = waits.Begin(load.Plan.LeaseWait);
        for (var attempt = 1; ; attempt++)
        {
            var mark = keeper.Mark(load.Key);
            if (TryAnswerFromL1<T>(load.Key, load.Plan, out var known, out var mustAsk))
                return Answered(known);
            var owner = FenceToken.New();
            var read = await ReadAsync<T>(load.Key, owner, load.Plan, cancellationToken).ConfigureAwait(false);
            if (read.IsHit)
            {
                var filled = keeper.Fill(load.Key, mark, read, load.Plan);
                if (filled == FillResult.Accepted)
                    return Answered(FromL2(read, load.Plan));
                if (filled == FillResult.Overtaken && attempt < MostAttempts)
                    continue;
                read = SharedRead<T>.Miss(default);
            }

            if (read.Note is { Value: null } && !read.IsHit)
                l1.Missed(load.Key);
            if (!mustAsk && TryRefuse<T>(load.Key, mark, read, load.Plan, out var refused))
                return Answered(refused);
            if (read.Note is { IsLeasedElsewhere: true } && await wait.NextAsync(l2!.StoredKey(load.Key), cancellationToken).ConfigureAwait(false))
            {
                attempt--;
                continue;
            }

            var (answer, again) = await AskAsync(load, mark, read.Note, owner, attempt, cancellationToken).ConfigureAwait(false);
            if (!again)
                return Answered(answer);
        }

        CacheLookup<T> Answered(CacheLookup<T> lookup)
        {
            span.Answered(lookup);
            return lookup;
        }
    }

    /// <summary>Fetches without reading either tier. Throws when the source fails.</summary>
    public async Task<CacheLookup<T>> RefreshAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartRefresh(load.Key);
        for (var attempt = 1; ; attempt++)
        {
            var mark = keeper.Mark(load.Key);
            var note = l2 is null ? null : await l2.NoteAsync(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false);
            var stamps = await tags.StampAsync(load.Plan.Tags, cancellationToken).ConfigureAwait(false);
            var result = await FetchAsync(load, cancellationToken).ConfigureAwait(false);
            var (answer, again) = await KeepAsync(load, mark, note?.Generation, owner: null, result, attempt, stamps, cancellationToken).ConfigureAwait(false);
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
        var wait = waits.Begin(load.Plan.LeaseWait);
        var began = time.GetTimestamp();
        TimeSpan? present = null;
        for (var attempt = 1; ; attempt++)
        {
            var mark = keeper.Mark(load.Key);
            var owner = FenceToken.New();
            var note = await l2.NoteAsync(load.Key, owner, load.Plan, cancellationToken).ConfigureAwait(false);
            if (note is { IsLeasedElsewhere: true })
            {
                present ??= LastsUntil(await ReadAsync<T>(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false), began);
                if (await wait.NextAsync(l2.StoredKey(load.Key), cancellationToken).ConfigureAwait(false))
                {
                    // Woken by the clock before the other has stored its answer, one finds what is being refreshed.
                    var read = await ReadAsync<T>(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false);
                    if (read.IsHit && IsAnother(present, LastsUntil(read, began)) && keeper.Fill(load.Key, mark, read, load.Plan) == FillResult.Accepted)
                        return FromL2(read, load.Plan);
                    attempt--;
                    continue;
                }
            }

            var (answer, again) = await AskAsync(load, mark, note, owner, attempt, cancellationToken).ConfigureAwait(false);
            if (!again)
                return answer;
        }
    }

    /// <summary>Looks through the tiers and never asks the source; null when neither knows.</summary>
    public async Task<CacheLookup<T>?> TryGetAsync<T>(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        var mark = keeper.Mark(key);
        if (TryAnswerFromL1<T>(key, plan, out var known, out _))
            return known;
        var read = await ReadAsync<T>(key, owner: null, plan, cancellationToken).ConfigureAwait(false);
        if (read.IsHit && MayAnswer(key, mark, read, keeper.Fill(key, mark, read, plan)))
            return FromL2(read, plan);
        return TryRefuse<T>(key, mark, read, plan, out var refused) ? refused : null;
    }

    /// <summary>As <see cref="TryGetAsync"/>, without filling L1 or learning of what is read.</summary>
    public async Task<CacheLookup<T>?> PeekAsync<T>(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (TryAnswerFromL1<T>(key, plan, out var known, out var mustAsk))
            return known;
        var read = await ReadAsync<T>(key, owner: null, plan, cancellationToken).ConfigureAwait(false);
        if (read.IsHit)
            return l1.IsOutdated(key, l1.NoteEpoch(key), read.Revision) ? null : FromL2(read, plan);
        if (mustAsk)
            return null;
        return read.Note switch
        {
            { Denial: { } status } note => new CacheLookup<T>(FetchResult<T>.Denied(NullIfEmpty(status), note.DenialRevision), CacheSource.L2),
            { IsAbsent: true } => new CacheLookup<T>(FetchResult<T>.NotFound(), CacheSource.L2),
            _ => null,
        };
    }

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

    private async ValueTask<SharedRead<T>> ReadAsync<T>(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (l2 is null)
            return SharedRead<T>.Away;
        if (plan.Skips(CacheSteps.ReadL2))
            return await l2.NoteAsync(key, owner, plan, cancellationToken).ConfigureAwait(false) is { } note ? SharedRead<T>.Miss(note) : SharedRead<T>.Away;
        var limit = plan.L2SoftTimeout > TimeSpan.Zero && l1.TryGetStale<T>(key, out _) ? EntryPlan.Shorter(plan.L2SoftTimeout, plan.L2Timeout) : plan.L2Timeout;
        var reading = l2.ReadAsync<T>(key, owner, plan, cancellationToken);
        var read = limit <= TimeSpan.Zero ? await reading.ConfigureAwait(false) : await WithinAsync(reading, limit, cancellationToken).ConfigureAwait(false);
        if (!read.IsHit)
            metrics.FellBack(read.Note is null ? CacheMetrics.ValkeyGetFallback : CacheMetrics.ValkeyMiss);
        return read;
    }

    private async Task<SharedRead<T>> WithinAsync<T>(ValueTask<SharedRead<T>> reading, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.AsTask().WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            metrics.L2Failed("get");
            return SharedRead<T>.Away;
        }
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

    private async Task<(CacheLookup<T> Answer, bool Again)> AskAsync<TState, T>(
        Load<TState, T> load, Mark mark, FenceNote? note, string owner, int attempt, CancellationToken cancellationToken)
    {
        var isLeased = note is { IsLeased: true };
        if (isLeased)
            metrics.Leased(CacheMetrics.Acquired);
        try
        {
            if (failures.IsResting(load.Key) && TryServeInstead<T>(load.Key, out var rested))
                return (rested, false);

            // A hit that could not be used came without a fence.
            if (l2 is not null && note is { Generation: null })
                note = await l2.NoteAsync(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false);
            var stamps = await tags.StampAsync(load.Plan.Tags, cancellationToken).ConfigureAwait(false);
            FetchResult<T> result;
            try
            {
                result = await FetchAsync(load, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested && TryServeInstead<T>(load.Key, out var instead))
            {
                return (instead, false);
            }

            var (answer, again) = await KeepAsync(load, mark, note?.Generation, isLeased ? owner : null, result, attempt, stamps, cancellationToken).ConfigureAwait(false);
            if (again && isLeased)
                metrics.Leased(CacheMetrics.Lost);
            isLeased = false;
            return (answer, again);
        }
        finally
        {
            // Those who wait need not wait for the lease to expire.
            if (isLeased)
                await l2!.ReleaseAsync(load.Key, owner).ConfigureAwait(false);
        }
    }

    private async Task<FetchResult<T>> FetchAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        try
        {
            var result = await source.FetchAsync(load.State, load.Fetch, load.Plan.FetchTimeout, cancellationToken).ConfigureAwait(false);
            failures.Answered(load.Key);
            return result;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            failures.Failed(load.Key);
            throw;
        }
    }

    private async Task<(CacheLookup<T> Answer, bool Again)> KeepAsync<TState, T>(
        Load<TState, T> load, Mark mark, string? generation, string? owner, FetchResult<T> result, int attempt, TagStamps? stamps, CancellationToken cancellationToken)
    {
        var plan = load.Plan.DecidedBy(result.Options);
        var kept = await keeper.KeepAsync(load.Key, mark, generation, owner, result, stamps, plan).ConfigureAwait(false);

        // What could not be filled is learned all the same, and what has become known meanwhile may outdate it.
        if (kept is Kept.Done or Kept.Overtaken && result.Outcome == FetchOutcome.Found && !l1.Learn(load.Key, mark.Epoch, result.Revision))
            kept = Kept.Outdated;
        if (kept == Kept.Done)
            return (new CacheLookup<T>(result, CacheSource.Fetch), false);

        // Or what is known here was never said by the source: somebody has written it into L2.
        if (kept == Kept.Outdated && await WithdrawAsync(load, result, cancellationToken).ConfigureAwait(false))
            return (default, true);

        // What is known here may already be newer than the answer.
        if (l1.TryGetFresh<T>(load.Key, out var newer) && newer.Revision > result.Revision)
            return (new CacheLookup<T>(FetchResult<T>.Found(newer.Value, newer.Revision), CacheSource.L1), false);
        if (attempt < MostAttempts)
            return (default, true);
        return kept switch
        {
            Kept.Overtaken => (new CacheLookup<T>(result, CacheSource.Fetch), false),
            Kept.Denied => (new CacheLookup<T>(FetchResult<T>.Denied(status: null), CacheSource.L2), false),
            _ when TryServeInstead<T>(load.Key, out var instead) => (instead, false),
            _ => throw new OutdatedAnswerException($"The source answered with revision {result.Revision}, below one that was seen before."),
        };
    }

    /// <summary>
    /// Asks the source once more when its answer is below what L2 has told. That fetch begins when the higher revision is known
    /// already, so a source that has ever given it cannot answer with less: then the revision is forgotten.
    /// </summary>
    private async ValueTask<bool> WithdrawAsync<TState, T>(Load<TState, T> load, FetchResult<T> outdated, CancellationToken cancellationToken)
    {
        if (l1.Hearsay(load.Key, outdated.Revision) is not { } heard)
            return false;
        FetchResult<T> second;
        try
        {
            second = await FetchAsync(load, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Without a second answer what is known stands.
            return false;
        }

        if (second.Revision is not { } answered || answered >= heard || !l1.TryWithdraw(load.Key, heard, answered))
            return false;
        metrics.RevisionWithdrawn();
        LogWithdrawn(logger, heard, answered);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "L2 held revision {Heard} of a key, which its source has never given: it answers with {Answered}. That revision is forgotten; find out who writes into L2")]
    private static partial void LogWithdrawn(ILogger logger, long heard, long answered);

    /// <summary>What is served when the source fails: a denial stays a denial, and otherwise a stale value if there is one.</summary>
    private bool TryServeInstead<T>(string key, out CacheLookup<T> lookup)
    {
        if (!l1.TryGetDenied(key, out var tombstone, out _))
            return TryServeStale(key, out lookup);
        metrics.Refused();
        lookup = new CacheLookup<T>(FetchResult<T>.Denied(tombstone.Status, tombstone.DenialRevision), CacheSource.L1);
        return true;
    }

    /// <summary>Stale-if-error. What an invalidation has removed is not there to be served (RevocationWins).</summary>
    private bool TryServeStale<T>(string key, out CacheLookup<T> lookup)
    {
        lookup = default;
        if (!l1.TryGetStale<T>(key, out var stale))
            return false;
        var age = l1.AgeOf(stale);
        metrics.StaleServed(age);
        lookup = new CacheLookup<T>(FetchResult<T>.Found(stale.Value, stale.Revision), CacheSource.L1, IsStale: true, age);
        return true;
    }

    /// <summary>When a value goes from L2, counted from a moment; null: never, or it is not there.</summary>
    private TimeSpan? LastsUntil<T>(in SharedRead<T> read, long began) => read.Remaining is { } left ? time.GetElapsedTime(began) + left : null;

    /// <summary>Whether a value was stored anew: then it lasts until another moment.</summary>
    private static bool IsAnother(TimeSpan? present, TimeSpan? read) => present is not { } was || read is not { } now || (now - was).Duration() > SameMoment;

    private static CacheLookup<T> FromL2<T>(in SharedRead<T> read, EntryPlan plan)
    {
        var past = plan.PastL2Soft(read.Remaining);
        return new CacheLookup<T>(FetchResult<T>.Found(read.Value!, read.Revision), CacheSource.L2, past is not null, past ?? TimeSpan.Zero);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
