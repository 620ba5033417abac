using System.Globalization;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Tagging;
using Cache.Core.Tiered;

namespace Cache.Core.Shared;

/// <summary>
/// A cache of the caller's own as L2. It knows no fences, so the guard is this process's: writes and invalidations of a
/// key go one after another, and a write that an invalidation here has overtaken is refused. There is no lease.
/// </summary>
internal sealed class PlainTier(IConfigCache cache, TieredCacheOptions options, SharedCalls calls, CacheMetrics metrics) : SharedTier
{
    private const int Stripes = 256;
    private readonly long[] _generations = new long[Stripes];
    private readonly WriteOrder _order = new();

    public override string StoredKey(string key) => key;

    public override async ValueTask<SharedRead<T>> ReadAsync<T>(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken)
    {
        var note = Note(key);
        var found = await calls.RunAsync("get", (cache, key), static (call, stop) => call.cache.GetAsync<T>(call.key, stop), cancellationToken).ConfigureAwait(false);
        if (found is not { } read)
            return SharedRead<T>.Away;
        if (!read.IsHit)
        {
            metrics.L2Miss();
            return SharedRead<T>.Miss(note);
        }

        if (options.BelongsTo is { } belongs && !belongs(key, read.Value!))
        {
            metrics.Unreadable("foreign");
            await calls.RunAsync("delete", (cache, key), static async (call, stop) =>
            {
                await call.cache.InvalidateAsync(call.key, stop).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            return SharedRead<T>.Miss(note);
        }

        metrics.L2Hit();
        return SharedRead<T>.Hit(read.Value, options.RevisionOf?.Invoke(read.Value), remaining: null, note);
    }

    public override ValueTask<FenceNote?> NoteAsync(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken) =>
        ValueTask.FromResult<FenceNote?>(Note(key));

    public override async ValueTask<SharedWrite?> StoreAsync<T>(
        string key, FetchResult<T> found, string generation, string? owner, TagStamps? tags, EntryPlan plan)
    {
        using var turn = await _order.TakeAsync(key, CancellationToken.None).ConfigureAwait(false);
        if (Note(key).Generation != generation)
            return new SharedWrite(FenceOutcome.Overtaken, Size: 0);
        return await WriteAsync(key, found.Value!, plan.L2Life(), CancellationToken.None).ConfigureAwait(false);
    }

    public override async ValueTask<SharedWrite?> WithholdAsync(string key, long? revision, string generation, string? owner, EntryPlan plan) =>
        await MarkAbsentAsync(key, generation, owner, plan).ConfigureAwait(false) is { } outcome ? new SharedWrite(outcome, Size: 0) : null;

    public override async ValueTask<SharedWrite?> PutAsync<T>(
        string key, T value, long? revision, TimeSpan timeToLive, TagStamps? tags, EntryPlan plan, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Generation(key));
        using var turn = await _order.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(key, value, timeToLive, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask InvalidateAsync(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Generation(key));
        using var turn = await _order.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        await calls.RunAsync(
            "invalidate",
            (cache, key),
            static async (call, stop) =>
            {
                await call.cache.InvalidateAsync(call.key, stop).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<FenceOutcome?> DenyAsync(string key, string? status, long? revision, EntryPlan plan)
    {
        await InvalidateAsync(key, plan, CancellationToken.None).ConfigureAwait(false);
        return FenceOutcome.Stored;
    }

    public override async ValueTask<FenceOutcome?> MarkAbsentAsync(string key, string generation, string? owner, EntryPlan plan)
    {
        if (Note(key).Generation != generation)
            return FenceOutcome.Overtaken;
        await InvalidateAsync(key, plan, CancellationToken.None).ConfigureAwait(false);
        return FenceOutcome.Stored;
    }

    public override ValueTask<bool?> RenewAsync(string key, string owner, EntryPlan plan) => ValueTask.FromResult<bool?>(true);

    public override ValueTask ReleaseAsync(string key, string owner) => ValueTask.CompletedTask;

    private async ValueTask<SharedWrite?> WriteAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var done = await calls.RunAsync(
            "set",
            (cache, key, value, timeToLive),
            static async (call, stop) =>
            {
                await call.cache.SetAsync(call.key, call.value, call.timeToLive, stop).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return done is null ? null : new SharedWrite(FenceOutcome.Stored, Size: 0);
    }

    private FenceNote Note(string key) => new() { Generation = Volatile.Read(ref Generation(key)).ToString(CultureInfo.InvariantCulture) };

    private ref long Generation(string key) => ref _generations[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Stripes];
}
