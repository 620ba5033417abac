using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Tagging;

namespace Cache.Core.Tiered;

/// <summary>Writing and invalidating: both tiers, one after another, ahead of every fetch that is under way.</summary>
public sealed partial class TieredCache
{
    /// <summary>Stores a value in both tiers: in L2 for <paramref name="timeToLive"/>, in L1 for at most that and its own lifetime.</summary>
    /// <remarks>Fetches under way are overtaken. A denied key refuses a value that is not newer than its denial.</remarks>
    public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        SetAsync(key, value, timeToLive, _plan with { L1TimeToLive = EntryPlan.Shorter(_plan.L1TimeToLive, timeToLive) }, cancellationToken);

    /// <summary>Stores a value in both tiers, with lifetimes, tags, size and steps to leave out as the options say.</summary>
    /// <inheritdoc cref="SetAsync{T}(string, T, TimeSpan, CancellationToken)" path="/remarks"/>
    /// <param name="key">The key, without a prefix.</param>
    /// <param name="value">The value; treated as immutable from now on.</param>
    /// <param name="options">How this entry is kept, where it differs from the cache's options; null: as these say.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask SetAsync<T>(string key, T value, CacheEntryOptions? options, CancellationToken cancellationToken = default)
    {
        var plan = _plan.DecidedBy(options);
        return SetAsync(key, value, plan.L2TimeToLive, plan, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        using var span = CacheTracing.StartInvalidate(key);

        // L1 first and again after L2: a reader in between could have filled L1 from the value that L2 was about to lose.
        Revoke(key);
        if (_l2 is null)
            return;
        await _l2.InvalidateAsync(key, _plan, cancellationToken).ConfigureAwait(false);
        if (!Mutant.EpochOnlyBeforeL2)
            Revoke(key);
    }

    /// <summary>
    /// Removes what carries all of the given tags, in both tiers and every process, and overtakes fetches of it that are under way: as
    /// <see cref="RemoveByTagAsync"/> does for one tag. What carries only some of them stays.
    /// </summary>
    /// <remarks>
    /// Nothing is searched for: the removal is noted at one of the tags, the one that has fewest such notes, and whoever reads an entry with
    /// that tag compares. A tag has room for 64 different sets of others; when there are more, what is older than the oldest of them goes
    /// with it. While L2 is away, this process removes whatever carries the first tag at once, and L2 is told when it is back. Where one tag
    /// is empty nothing is removed: an empty tag is nobody's.
    /// </remarks>
    /// <param name="allOf">The tags; with one alone as <see cref="RemoveByTagAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">There is no tag: that would be everything.</exception>
    public ValueTask RemoveByTagsAsync(IEnumerable<string> allOf, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(allOf);
        var tags = allOf.Distinct(StringComparer.Ordinal).ToArray();
        if (tags.Length == 0)
            throw new ArgumentException("No tag is given, which would remove everything: give one tag or more.", nameof(allOf));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowIfDisposed();
        if (Array.Exists(tags, string.IsNullOrWhiteSpace))
            return ValueTask.CompletedTask;
        return tags.Length == 1 ? _tags.RemoveAsync(tags[0], cancellationToken) : _tags.RemoveTogetherAsync(tags, cancellationToken);
    }

    private async ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, EntryPlan plan, CancellationToken cancellationToken, TagNote? noted = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        var revision = value is null ? null : _options.RevisionOf?.Invoke(value);
        var began = _time.GetTimestamp();

        // One at a time, so that both tiers end with the same value.
        using var turn = await _order.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        var (tags, verdict) = noted is { } since
            ? await _tags.StampAsync(since, plan.Tags, cancellationToken).ConfigureAwait(false)
            : (await _tags.StampAsync(plan.Tags, cancellationToken).ConfigureAwait(false), TagVerdict.Keep);
        if (verdict != TagVerdict.Keep)
        {
            // One of them may have been removed while the value was made.
            _metrics.FillRejected(CacheMetrics.Tag);
            return;
        }

        var epoch = _l1.NoteEpoch(key);
        if (_l1.IsOutdated(key, epoch, revision))
        {
            // L2 may have lost what would refuse it there.
            _metrics.FillRejected(CacheMetrics.Revision);
            return;
        }

        var size = 0L;
        if (_l2 is not null && !plan.Skips(CacheSteps.FillL2))
        {
            var written = await _l2.PutAsync(key, value, revision, timeToLive, tags, plan, cancellationToken).ConfigureAwait(false);
            if (written is { Outcome: not FenceOutcome.Stored })
            {
                Revoke(key);
                _metrics.FillRejected(CacheMetrics.Revision);
                return;
            }

            size = written?.Size ?? 0;
        }

        _revocations.Move(KeyHash.Of(key));
        _flights.Detach(key);
        if (plan.Skips(CacheSteps.FillL1))
            _l1.Invalidate(key);
        else
            _l1.Set(key, value, revision, plan.Terms(remaining: null, size, tags, _keeper.ProvenFor(began)), epoch);
    }

    private void Revoke(string key)
    {
        _revocations.Move(KeyHash.Of(key));
        _l1.Invalidate(key);
        _flights.Detach(key);
    }
}
