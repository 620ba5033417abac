using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Shared;
using Cache.Core.Tagging;
using Cache.Core.Tiered;

namespace Cache.Core.Loading;

/// <summary>Does to both tiers what an answer of the source asks for. Every fill passes L2's fence first and L1's epoch second.</summary>
internal sealed class AnswerKeeper(
    MemoryTier l1, SharedTier? l2, EpochTable revocations, ICoherence coherence, TimeProvider time, CacheMetrics metrics)
{
    /// <summary>To be noted before anything is read.</summary>
    public Mark Mark(string key) => new(l1.NoteEpoch(key), revocations.Note(KeyHash.Of(key)), coherence.Proof, time.GetTimestamp());

    /// <summary>Whether this process has revoked the key since.</summary>
    public bool IsRevokedHere(string key, Mark mark) => revocations.Since(KeyHash.Of(key), mark.Revocations) != EpochChange.None;

    /// <summary>Fills L1 with what was read from L2.</summary>
    public FillResult Fill<T>(string key, Mark mark, in SharedRead<T> read, EntryPlan plan)
    {
        // Only a higher revision says that it is from after the denial; otherwise the source must say so.
        if (!Mutant.TombstoneWithoutRevision && l1.TryGetDenied(key, out var tombstone, out _) && !(read.Revision > tombstone.DenialRevision))
            return Rejected(FillResult.Outdated);
        if (plan.Skips(CacheSteps.FillL1))
            return l1.Check(key, mark.Epoch, read.Revision);
        return Rejected(l1.Fill(key, Mutant.L2FillWithoutEpoch ? l1.NoteEpoch(key) : mark.Epoch, read.Value!, read.Revision, plan.Terms(read.Remaining, read.Size, read.Tags, ProvenFor(mark.Began)), ProofOf(mark)));
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mark">Noted before the fetch.</param>
    /// <param name="generation">The fence noted before the fetch; null when L2 is away or is not to be written.</param>
    /// <param name="owner">The lease's owner; null without a lease.</param>
    /// <param name="result">The answer.</param>
    /// <param name="tags">The tags' epochs before the fetch.</param>
    /// <param name="plan">How to keep it.</param>
    public async ValueTask<Kept> KeepAsync<T>(
        string key, Mark mark, string? generation, string? owner, FetchResult<T> result, TagStamps? tags, EntryPlan plan)
    {
        l1.Vouch(key, result.Revision);
        return result.Outcome switch
        {
            FetchOutcome.Found => await KeepFoundAsync(key, mark, generation, owner, result, tags, plan).ConfigureAwait(false),
            FetchOutcome.Denied => await KeepDeniedAsync(key, mark, owner, result.Status, result.Revision, plan).ConfigureAwait(false),
            _ => await KeepNotFoundAsync(key, mark, generation, owner, plan).ConfigureAwait(false),
        };
    }

    /// <summary>Gives the lease back: one of the answer's tags may have been removed while it was fetched.</summary>
    public async ValueTask<Kept> RejectAsync(string key, string? owner, TagVerdict verdict)
    {
        metrics.FillRejected(CacheMetrics.Tag);
        await ReleaseAsync(key, owner).ConfigureAwait(false);
        return verdict == TagVerdict.AskAgain ? Kept.Overtaken : Kept.Done;
    }

    private async ValueTask<Kept> KeepFoundAsync<T>(
        string key, Mark mark, string? generation, string? owner, FetchResult<T> found, TagStamps? tags, EntryPlan plan)
    {
        // Whatever the epoch says: L2 need not know yet of what outdates it.
        if (!Mutant.AnswerUnchecked && l1.IsOutdated(key, mark.Epoch, found.Revision))
        {
            metrics.FillRejected(CacheMetrics.Revision);
            await ReleaseAsync(key, owner).ConfigureAwait(false);
            return Kept.Outdated;
        }

        if (IsRevokedHere(key, mark))
        {
            metrics.FillRejected();
            await ReleaseAsync(key, owner).ConfigureAwait(false);
            return Kept.Done;
        }

        // A fetch beyond its limit may not write at all: its fence may be gone by now.
        var isLate = time.GetElapsedTime(mark.Began) > plan.NoteLife;
        var size = 0L;
        var isOwnWrite = false;
        var isWithheld = plan.Withholds(CacheSteps.FillL2);
        if (l2 is not null && generation is not null && !isLate && (isWithheld || !plan.Skips(CacheSteps.FillL2)))
        {
            var stored = isWithheld
                ? await l2.WithholdAsync(key, found.Revision, generation, owner, plan).ConfigureAwait(false)
                : await l2.StoreAsync(key, found, generation, owner, tags, plan).ConfigureAwait(false);
            if (stored is null)
                metrics.FellBack(CacheMetrics.ValkeySetFallback);
            else if (stored.Value.Outcome != FenceOutcome.Stored)
                return Refused(stored.Value.Outcome, IsRevokedHere(key, mark));
            size = stored?.Size ?? 0;
            isOwnWrite = stored is not null;
        }
        else
        {
            await ReleaseAsync(key, owner).ConfigureAwait(false);
            if (l2 is not null && isWithheld)
                await l2.InvalidateAsync(key, plan, CancellationToken.None).ConfigureAwait(false);
        }

        if (plan.Withholds(CacheSteps.FillL1))
            return Rejected(l1.Withhold(key, mark.Epoch, found.Revision, isOwnWrite)) == FillResult.Outdated ? Kept.Outdated : Kept.Done;
        if (isLate || plan.Skips(CacheSteps.FillL1))
            return Kept.Done;
        var filled = Rejected(l1.Fill(key, mark.Epoch, found.Value!, found.Revision, plan.Terms(remaining: null, size, tags, ProvenFor(mark.Began)), ProofOf(mark), isOwnWrite));
        return filled == FillResult.Outdated ? Kept.Outdated : Kept.Done;
    }

    private async ValueTask<Kept> KeepDeniedAsync(string key, Mark mark, string? owner, string? status, long? revision, EntryPlan plan)
    {
        // Here first: from this moment on this process refuses.
        if (!l1.TryDeny(key, status, revision, plan.RecheckAfter(), plan.TombstoneLife, mark.Epoch))
        {
            await ReleaseAsync(key, owner).ConfigureAwait(false);
            metrics.FillRejected(revision is null ? CacheMetrics.Epoch : CacheMetrics.Revision);
            if (revision is not null)
                return Kept.Outdated;

            // It may be from before a reactivation, so it is asked for again; but nothing from before it may stay either.
            await ClearAsync(key, plan).ConfigureAwait(false);
            return Kept.Overtaken;
        }

        if (l2 is null)
            return Kept.Done;
        var outcome = await l2.DenyAsync(key, status, revision, plan).ConfigureAwait(false);
        return outcome == FenceOutcome.Outdated ? Kept.Outdated : Kept.Done;
    }

    private async ValueTask<Kept> KeepNotFoundAsync(string key, Mark mark, string? generation, string? owner, EntryPlan plan)
    {
        var life = plan.NegativeLife();
        if (IsRevokedHere(key, mark))
        {
            await ReleaseAsync(key, owner).ConfigureAwait(false);
            await ClearAsync(key, plan).ConfigureAwait(false);
            return Kept.Done;
        }

        if (l2 is not null && generation is not null)
        {
            var outcome = await l2.MarkAbsentAsync(key, generation, owner, plan).ConfigureAwait(false);
            if (outcome == FenceOutcome.Overtaken)
                return Refused(FenceOutcome.Overtaken, IsRevokedHere(key, mark));
            if (outcome is null)
                await l2.InvalidateAsync(key, plan, CancellationToken.None).ConfigureAwait(false);
        }
        else if (l2 is not null)
        {
            await l2.InvalidateAsync(key, plan, CancellationToken.None).ConfigureAwait(false);
        }

        if (!l1.TryNotFound(key, mark.Epoch, life))
            l1.Invalidate(key);
        return Kept.Done;
    }

    /// <summary>Leaves nothing that an overtaken answer has outdated; what is newer is read or asked for once more.</summary>
    private async ValueTask ClearAsync(string key, EntryPlan plan)
    {
        l1.Invalidate(key);
        if (l2 is null)
            return;
        await l2.InvalidateAsync(key, plan, CancellationToken.None).ConfigureAwait(false);
        l1.Invalidate(key);
    }

    private ValueTask ReleaseAsync(string key, string? owner) => l2 is null || owner is null ? ValueTask.CompletedTask : l2.ReleaseAsync(key, owner);

    /// <summary>What this process has revoked itself no later caller joins, so that answer may stand; else the source is asked again.</summary>
    private Kept Refused(FenceOutcome outcome, bool isRevokedHere)
    {
        metrics.FillRejected(outcome == FenceOutcome.Outdated ? CacheMetrics.Revision : CacheMetrics.Fence);
        return outcome switch
        {
            FenceOutcome.Outdated => Kept.Outdated,
            FenceOutcome.Denied => Kept.Denied,
            _ => isRevokedHere ? Kept.Done : Kept.Overtaken,
        };
    }

    private FillResult Rejected(FillResult result)
    {
        if (result != FillResult.Accepted)
            metrics.FillRejected(result == FillResult.Outdated ? CacheMetrics.Revision : CacheMetrics.Epoch);
        return result;
    }

    private int ProofOf(Mark mark) => Mutant.ProofNotedAtFill ? coherence.Proof : mark.Proof;

    /// <summary>What remains of the coherence lease, had it begun at this moment, as a timestamp.</summary>
    public TimeSpan ProvenFor(long began) => coherence.Lease <= TimeSpan.Zero ? TimeSpan.Zero : coherence.Lease - time.GetElapsedTime(began);
}
