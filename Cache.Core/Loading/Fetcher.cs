using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Shared;
using Cache.Core.Snapshots;
using Cache.Core.Tagging;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Loading;

/// <summary>
/// Asks the source for a key, under its lease where there is one, and has the tiers keep the answer; or says what is served in
/// its place. Whether an answer still holds is known only once it is kept: then it may have to be asked for again.
/// </summary>
internal sealed partial class Fetcher(
    MemoryTier l1,
    SharedTier? l2,
    AnswerKeeper keeper,
    SourceCalls source,
    FailureBackOff failures,
    TagTable tags,
    TimeProvider time,
    CacheMetrics metrics,
    ILogger logger,
    LastKnownGood? known = null)
{
    /// <summary>Fetches that something else has overtaken are made again so often.</summary>
    public const int MostAttempts = 3;

    /// <summary>Fetches, or serves what there is while the source is ill; gives the lease back whatever happens.</summary>
    public async Task<(CacheLookup<T> Answer, bool Again)> AskAsync<TState, T>(
        Load<TState, T> load, Mark mark, FenceNote? note, string owner, int attempt, CancellationToken cancellationToken)
    {
        var isLeased = note is { IsLeased: true };
        if (isLeased)
            metrics.Leased(CacheMetrics.Acquired);
        try
        {
            if (failures.IsResting(load.Key) && (TryServeInstead<T>(load.Key, out var rested) || TryServeKnown(load, note, out rested)))
                return (rested, false);

            // A hit that could not be used came without a fence.
            if (l2 is not null && note is { Generation: null })
                note = await l2.NoteAsync(load.Key, owner: null, load.Plan, cancellationToken).ConfigureAwait(false);
            var noted = await tags.NoteAsync(load.Plan.Tags, note is null, cancellationToken).ConfigureAwait(false);
            FetchResult<T> result;
            CacheLookup<T> instead = default;
            try
            {
                using var renewal = isLeased ? new LeaseRenewal(l2!, load.Key, owner, load.Plan, time, metrics) : null;
                result = await FetchAsync(load, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested && (TryServeInstead<T>(load.Key, out instead) || TryServeKnown(load, note, out instead)))
            {
                return (instead, false);
            }

            var (answer, again) = await KeepAsync(load, mark, note?.Generation, isLeased ? owner : null, result, attempt, noted, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Asks the source and remembers how it fared.</summary>
    public async Task<FetchResult<T>> FetchAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        try
        {
            var result = await source.FetchAsync(load, cancellationToken).ConfigureAwait(false);
            failures.Answered(load.Key);
            return result;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            failures.Failed(load.Key);
            throw;
        }
    }

    /// <summary>Has the tiers keep an answer; says whether it has to be asked for again.</summary>
    public async Task<(CacheLookup<T> Answer, bool Again)> KeepAsync<TState, T>(
        Load<TState, T> load, Mark mark, string? generation, string? owner, FetchResult<T> result, int attempt, TagNote noted, CancellationToken cancellationToken)
    {
        var plan = load.Plan.AnsweredBy(result.Options);
        var isTagged = result.Outcome == FetchOutcome.Found && !plan.KeepsNothing && result.Options is not { IsUntagged: true };
        var (stamps, verdict) = isTagged ? await tags.StampAsync(noted, result.Options?.Tags ?? [], cancellationToken).ConfigureAwait(false) : (null, TagVerdict.Keep);
        var kept = verdict == TagVerdict.Keep
            ? await keeper.KeepAsync(load.Key, mark, generation, owner, result, stamps, plan).ConfigureAwait(false)
            : await keeper.RejectAsync(load.Key, owner, verdict).ConfigureAwait(false);

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
    public bool TryServeInstead<T>(string key, out CacheLookup<T> lookup)
    {
        if (!l1.TryGetDenied(key, out var tombstone, out _))
            return TryServeStale(key, out lookup);
        metrics.Refused();
        var tier = known?.IsDenialLoaded(key) == true ? CacheSource.LastKnownGood : CacheSource.L1;
        lookup = new CacheLookup<T>(FetchResult<T>.Denied(tombstone.Status, tombstone.DenialRevision), tier);
        return true;
    }

    /// <summary>The last resort: L2 is away too (there is no note of it), and nothing stale is in L1. Not for who wants the source's own word.</summary>
    private bool TryServeKnown<TState, T>(Load<TState, T> load, FenceNote? note, out CacheLookup<T> lookup)
    {
        lookup = default;
        return note is null && known is not null && !load.Plan.Skips(CacheSteps.ReadL1) && known.TryServe(load.Key, out lookup);
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
}
