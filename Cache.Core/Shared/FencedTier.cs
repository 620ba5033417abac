using System.Buffers;
using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Formats;
using Cache.Core.Memory;
using Cache.Core.Tagging;
using Cache.Core.Tiered;
using Cache.Core.Valkey;

namespace Cache.Core.Shared;

/// <summary>L2 in Valkey, every write through the key's fence.</summary>
internal sealed class FencedTier(
    ValkeyConfigCache cache, TieredCacheOptions options, SharedCalls calls, OwedRevocations owed, TagTable tags, ICoherence coherence, OwnWrites? own, CacheMetrics metrics) : SharedTier
{
    private readonly IFence _fence = cache.Client.Fence;
    private readonly IValueFormat _format = cache.Format;

    public override string StoredKey(string key) => cache.StoredKey(key);

    public override async ValueTask<SharedRead<T>> ReadAsync<T>(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken) =>
        await owed.PayAsync(StoredKey(key), cancellationToken).ConfigureAwait(false)
            ? await ReadAsync<T>(key, owner, first: null, plan, cancellationToken).ConfigureAwait(false)
            : SharedRead<T>.Away;

    public override async ValueTask<SharedRead<T>?[]> ReadHitsAsync<T>(IReadOnlyList<string> keys, EntryPlan plan, CancellationToken cancellationToken)
    {
        var reads = new SharedRead<T>?[keys.Count];
        if (_fence is not IManyFence many)
            return reads;
        var asked = await AskedAsync(keys, n => reads[n] = SharedRead<T>.Away, cancellationToken).ConfigureAwait(false);
        if (asked.Count == 0)
            return reads;
        var stored = asked.ConvertAll(n => StoredKey(keys[n]));
        var found = await calls.RunAsync(
            "get",
            (many, stored),
            static async (call, stop) => (Hits: await call.many.ReadHitsAsync(call.stored, stop).ConfigureAwait(false), true),
            cancellationToken).ConfigureAwait(false);
        for (var n = 0; n < asked.Count; n++)
        {
            if (found?.Hits[n] is not { IsAway: false } hit)
            {
                reads[asked[n]] = SharedRead<T>.Away;
            }
            else if (hit.Note is { Value: { } bytes } note
                && await DecodeAsync<T>(keys[asked[n]], stored[n], bytes, note, cancellationToken).ConfigureAwait(false) is { Fault: null } decoded)
            {
                metrics.L2Hit(plan.PastL2Soft(note.Remaining));
                reads[asked[n]] = decoded.Read;
            }
        }

        if (found is { Hits: var hits } && Array.Exists(hits, static hit => hit.IsAway))
            metrics.L2Failed("get");
        return reads;
    }

    public override async ValueTask<SharedRead<T>[]> ReadManyAsync<T>(
        IReadOnlyList<(string Key, string? Owner)> keys, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (_fence is not IManyFence many)
            return await base.ReadManyAsync<T>(keys, plan, cancellationToken).ConfigureAwait(false);
        var reads = new SharedRead<T>[keys.Count];
        var asked = await AskedAsync([.. keys.Select(static ask => ask.Key)], static _ => { }, cancellationToken).ConfigureAwait(false);
        if (asked.Count == 0)
            return reads;
        var found = await calls.RunAsync(
            "get",
            (many, Asks: asked.ConvertAll(n => (StoredKey(keys[n].Key), keys[n].Owner)), plan),
            static async (call, stop) => (Notes: await call.many.ReadManyAsync(call.Asks, call.plan.NoteLife, call.plan.LeaseLifetime, stop).ConfigureAwait(false), true),
            cancellationToken).ConfigureAwait(false);
        if (found is not { Notes: var notes })
            return reads;
        if (Array.Exists(notes, static note => note is null))
            metrics.L2Failed("get");
        await Task.WhenAll(asked.Select(async (n, at) =>
        {
            if (notes[at] is { } first)
                reads[n] = await ReadAsync<T>(keys[n].Key, keys[n].Owner, first, plan, cancellationToken).ConfigureAwait(false);
        })).ConfigureAwait(false);
        return reads;
    }

    /// <summary>Which of the keys may be read: what is owed for them has been done.</summary>
    private async ValueTask<List<int>> AskedAsync(IReadOnlyList<string> keys, Action<int> away, CancellationToken cancellationToken)
    {
        var asked = new List<int>(keys.Count);
        for (var n = 0; n < keys.Count; n++)
        {
            if (await owed.PayAsync(StoredKey(keys[n]), cancellationToken).ConfigureAwait(false))
                asked.Add(n);
            else
                away(n);
        }

        return asked;
    }

    /// <param name="key">The key.</param>
    /// <param name="owner">Who would hold the lease.</param>
    /// <param name="first">What was read already.</param>
    /// <param name="plan">How the entry is kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async ValueTask<SharedRead<T>> ReadAsync<T>(string key, string? owner, FenceNote? first, EntryPlan plan, CancellationToken cancellationToken)
    {
        var stored = StoredKey(key);

        // Twice at most: a value that is not to be believed is deleted, and then the key is a miss.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var answer = attempt == 0 && first is not null ? first : await calls.RunAsync(
                "get",
                (_fence, stored, owner, plan),
                static (call, stop) => call._fence.ReadAsync(call.stored, call.plan.NoteLife, call.owner, call.plan.LeaseLifetime, stop),
                cancellationToken).ConfigureAwait(false);
            if (answer is not { } note)
                return SharedRead<T>.Away;
            if (note.Value is not { } bytes)
            {
                metrics.L2Miss();
                return SharedRead<T>.Miss(note);
            }

            var (read, fault) = await DecodeAsync<T>(key, stored, bytes, note, cancellationToken).ConfigureAwait(false);
            if (fault is null)
            {
                metrics.L2Hit(plan.PastL2Soft(note.Remaining));
                return read;
            }

            // As in L1: a miss, and the value stays whose it is until something else is stored.
            if (fault == Decoded<T>.OtherKind)
            {
                metrics.L2Miss();
                return SharedRead<T>.Miss(note);
            }

            metrics.Unreadable(fault);
            await calls.RunAsync(
                "delete", (cache.Client, stored), static (call, stop) => call.Client.DeleteAsync([call.stored], stop), cancellationToken).ConfigureAwait(false);
        }

        return SharedRead<T>.Away;
    }

    public override async ValueTask<FenceNote?> NoteAsync(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken)
    {
        var stored = StoredKey(key);
        if (!await owed.PayAsync(stored, cancellationToken).ConfigureAwait(false))
            return null;
        return await calls.RunAsync(
            "note",
            (_fence, stored, owner, plan),
            static (call, stop) => call._fence.NoteAsync(call.stored, call.plan.NoteLife, call.owner, call.plan.LeaseLifetime, stop),
            cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<SharedWrite?> StoreAsync<T>(
        string key, FetchResult<T> found, string generation, string? owner, TagStamps? tags, EntryPlan plan)
    {
        var stored = StoredKey(key);
        if (Encode(stored, found.Value!, tags) is not { } bytes)
        {
            // What this answer outdates must not stay, and nobody need wait for what will not come.
            await calls.RunAsync("delete", (cache.Client, stored), static (call, stop) => call.Client.DeleteAsync([call.stored], stop), CancellationToken.None).ConfigureAwait(false);
            if (owner is not null)
                await ReleaseAsync(key, owner).ConfigureAwait(false);
            return null;
        }

        var write = new FencedWrite(generation, found.Revision, plan.L2Life(), plan.FenceLife, owner);
        using var writing = own?.Begin(stored);
        var outcome = await calls.RunAsync(
            "set",
            (_fence, stored, bytes, write),
            static (call, stop) => call._fence.StoreAsync(call.stored, call.bytes, call.write, stop),
            CancellationToken.None).ConfigureAwait(false);
        writing?.Answered(outcome is null or FenceOutcome.Stored);
        return outcome is { } known ? new SharedWrite(known, bytes.Length) : null;
    }

    public override async ValueTask<SharedWrite?> WithholdAsync(string key, long? revision, string generation, string? owner, EntryPlan plan)
    {
        var stored = StoredKey(key);
        var write = new FencedWrite(generation, revision, plan.L2TimeToLive, plan.FenceLife, owner) { IsRemoval = true };
        using var writing = own?.Begin(stored);
        var outcome = await calls.RunAsync(
            "withhold",
            (_fence, stored, write),
            static (call, stop) => call._fence.StoreAsync(call.stored, default, call.write, stop),
            CancellationToken.None).ConfigureAwait(false);
        writing?.Answered(outcome is null or FenceOutcome.Stored);
        if (outcome is { } known)
            return new SharedWrite(known, Size: 0);

        // As for a write-through: what it outdates may still be there.
        owed.Add(stored, new Revocation(Status: null, Revision: null, IsDenial: false, plan.NoteLife));
        return null;
    }

    public override async ValueTask<SharedWrite?> PutAsync<T>(
        string key, T value, long? revision, TimeSpan timeToLive, TagStamps? tags, EntryPlan plan, CancellationToken cancellationToken)
    {
        var stored = StoredKey(key);
        if (Encode(stored, value, tags) is not { } bytes)
        {
            // It cannot be kept there, but what it outdates must not stay either.
            await InvalidateAsync(key, plan, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var write = new FencedWrite(plan.Generation ?? FenceToken.New(), revision, timeToLive, plan.FenceLife);
        using var writing = own?.Begin(stored);
        var outcome = await calls.RunAsync(
            "set",
            (_fence, stored, bytes, write),
            static (call, stop) => call._fence.PutAsync(call.stored, call.bytes, call.write, stop),
            cancellationToken).ConfigureAwait(false);
        writing?.Answered(outcome is null or FenceOutcome.Stored);
        if (outcome is { } known)
        {
            owed.Settle(stored);
            await coherence.AnnounceAsync(stored, cancellationToken).ConfigureAwait(false);
            return new SharedWrite(known, bytes.Length);
        }

        // The old value may still be there, and nobody may read it as if this write had not been.
        owed.Add(stored, new Revocation(Status: null, Revision: null, IsDenial: false, plan.NoteLife));
        return null;
    }

    public override async ValueTask<bool?> ExtendAsync(string key, string generation, EntryPlan plan, CancellationToken cancellationToken)
    {
        var stored = StoredKey(key);
        using var writing = own?.Begin(stored);
        var extended = await calls.RunAsync(
            "extend",
            (_fence, stored, generation, plan),
            static (call, stop) => call._fence.ExtendAsync(call.stored, call.generation, call.plan.L2TimeToLive, call.plan.FenceLife, stop),
            cancellationToken).ConfigureAwait(false);
        writing?.Answered(extended is not false);
        return extended;
    }

    public override async ValueTask InvalidateAsync(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        var stored = StoredKey(key);
        if (!calls.Throws)
        {
            await owed.RevokeAsync(stored, new Revocation(Status: null, Revision: null, IsDenial: false, plan.NoteLife), cancellationToken).ConfigureAwait(false);
            return;
        }

        // Who is told that it has failed is owed nothing.
        await calls.RunAsync(
            "invalidate",
            (_fence, stored, plan),
            static async (call, stop) =>
            {
                await call._fence.InvalidateAsync(call.stored, call.plan.NoteLife, stop).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        await coherence.AnnounceAsync(stored, cancellationToken).ConfigureAwait(false);
    }

    public override ValueTask<FenceOutcome?> DenyAsync(string key, string? status, long? revision, EntryPlan plan) =>
        owed.RevokeAsync(StoredKey(key), new Revocation(status, revision, IsDenial: true, plan.FenceLife), CancellationToken.None);

    public override ValueTask<FenceOutcome?> MarkAbsentAsync(string key, string generation, string? owner, EntryPlan plan) =>
        calls.RunAsync(
            "absent",
            (_fence, Stored: StoredKey(key), generation, owner, Life: plan.NegativeLife()),
            static (call, stop) => call._fence.MarkAbsentAsync(call.Stored, call.generation, call.Life, call.owner, stop),
            CancellationToken.None);

    public override async ValueTask ReleaseAsync(string key, string owner) =>
        await calls.RunAsync(
            "release",
            (_fence, Stored: StoredKey(key), owner),
            static async (call, stop) =>
            {
                await call._fence.ReleaseAsync(call.Stored, call.owner, stop).ConfigureAwait(false);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);

    public override ValueTask<bool?> RenewAsync(string key, string owner, EntryPlan plan) =>
        calls.RunAsync(
            "renew",
            (_fence, Stored: StoredKey(key), owner, plan),
            static (call, stop) => call._fence.RenewAsync(call.Stored, call.owner, call.plan.LeaseLifetime, stop),
            CancellationToken.None);

    private async ValueTask<(SharedRead<T> Read, string? Fault)> DecodeAsync<T>(
        string key, string stored, byte[] bytes, FenceNote note, CancellationToken cancellationToken)
    {
        if (bytes.Length > options.LargestL2Value)
            return (default, "oversized");
        var decoded = _format.Read<T>(stored, bytes);
        if (decoded.Fault is { } fault)
            return (default, fault);
        if (decoded.Value is { } read && options.BelongsTo is { } belongs && !belongs(key, read))
            return (default, "foreign");
        var revision = decoded.Value is { } value && options.RevisionOf is { } tell ? tell(value) : null;
        if (note.Refuses(revision) is { } refusal)
            return (default, refusal);

        ITagStamps? stamps = null;
        if (decoded.Tags.Count > 0)
        {
            var current = await tags.MatchAsync(decoded.Tags, cancellationToken).ConfigureAwait(false);
            if (current is not { AreCurrent: true })
                return (default, "tag");
            stamps = current;
        }

        return (SharedRead<T>.Hit(decoded.Value!, revision, note.Remaining, note, stamps, bytes.Length), null);
    }

    private ReadOnlyMemory<byte>? Encode<T>(string stored, T value, TagStamps? tags)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        try
        {
            _format.Write(stored, value, tags?.Stamps ?? [], buffer);
        }
        catch (Exception exception) when (tags is null || _format.TakesTags)
        {
            // An object graph that goes round, a type that the serializer does not know: the fetch has succeeded all the same.
            calls.Unwritable(typeof(T), exception);
            return null;
        }

        if (buffer.WrittenCount <= options.LargestL2Value)
            return buffer.WrittenMemory;
        metrics.Oversized();
        return null;
    }
}
