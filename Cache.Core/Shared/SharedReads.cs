using Cache.Core.Diagnostics;
using Cache.Core.Loading;
using Cache.Core.Memory;
using Cache.Core.Tiered;

namespace Cache.Core.Shared;

/// <summary>Reads L2 within the limits of a plan, and counts what did not come from there.</summary>
internal sealed class SharedReads(MemoryTier l1, SharedTier? l2, TimeProvider time, CacheMetrics metrics)
{
    /// <summary>Reads the value, or notes the fence and tries for the lease when there is an owner.</summary>
    public async ValueTask<SharedRead<T>> ReadAsync<T>(
        string key, string? owner, EntryPlan plan, CancellationToken cancellationToken, IManyLoad<T>? many = null)
    {
        if (l2 is null)
            return SharedRead<T>.Away;
        if (plan.Skips(CacheSteps.ReadL2))
            return await l2.NoteAsync(key, owner, plan, cancellationToken).ConfigureAwait(false) is { } note ? SharedRead<T>.Miss(note) : SharedRead<T>.Away;
        var limit = plan.L2SoftTimeout > TimeSpan.Zero && l1.TryGetStale<T>(key, out _) ? EntryPlan.Shorter(plan.L2SoftTimeout, plan.L2Timeout) : plan.L2Timeout;
        var reading = many is not null && many.TryRead(key, owner, out var together)
            ? new ValueTask<SharedRead<T>>(together)
            : l2.ReadAsync<T>(key, owner, plan, cancellationToken);
        var read = limit <= TimeSpan.Zero ? await reading.ConfigureAwait(false) : await WithinAsync(reading, limit, cancellationToken).ConfigureAwait(false);
        if (!read.IsHit)
            metrics.FellBack(read.Note is null ? CacheMetrics.ValkeyGetFallback : CacheMetrics.ValkeyMiss);
        return read;
    }

    /// <summary>Reads what lies there under many keys, within the limit of who has nothing stale at hand. Null where more than reading is needed.</summary>
    public async ValueTask<SharedRead<T>?[]> ReadHitsAsync<T>(IReadOnlyList<string> keys, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (l2 is null)
            return new SharedRead<T>?[keys.Count];
        var reading = l2.ReadHitsAsync<T>(keys, plan, cancellationToken);
        if (plan.L2Timeout <= TimeSpan.Zero)
            return await reading.ConfigureAwait(false);
        try
        {
            return await reading.AsTask().WaitAsync(plan.L2Timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            metrics.L2Failed("get");
            return [.. Enumerable.Repeat<SharedRead<T>?>(SharedRead<T>.Away, keys.Count)];
        }
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
}
