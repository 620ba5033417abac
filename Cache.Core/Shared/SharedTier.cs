using Cache.Core.Fencing;
using Cache.Core.Tagging;
using Cache.Core.Tiered;

namespace Cache.Core.Shared;

/// <summary>L2 as the orchestrator sees it. Nothing here throws because L2 is ill (CacheNeverFails): it says that L2 is away.</summary>
internal abstract class SharedTier
{
    /// <summary>The key under which a value lies in L2; what coherence names.</summary>
    public abstract string StoredKey(string key);

    /// <summary>Reads the value, or notes the fence and tries for the lease.</summary>
    public abstract ValueTask<SharedRead<T>> ReadAsync<T>(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken);

    /// <summary>Reads what lies there under many keys and needs no more than reading; in their order, null where there is no such value.</summary>
    public virtual ValueTask<SharedRead<T>?[]> ReadHitsAsync<T>(IReadOnlyList<string> keys, EntryPlan plan, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new SharedRead<T>?[keys.Count]);

    /// <summary>As <see cref="ReadAsync"/> of each key with its owner.</summary>
    public virtual async ValueTask<SharedRead<T>[]> ReadManyAsync<T>(
        IReadOnlyList<(string Key, string? Owner)> keys, EntryPlan plan, CancellationToken cancellationToken) =>
        await Task.WhenAll(keys.Select(ask => ReadAsync<T>(ask.Key, ask.Owner, plan, cancellationToken).AsTask())).ConfigureAwait(false);

    /// <summary>Notes the fence, and tries for the lease when there is an owner, whether or not there is a value; null when L2 is away.</summary>
    public abstract ValueTask<FenceNote?> NoteAsync(string key, string? owner, EntryPlan plan, CancellationToken cancellationToken);

    /// <summary>Stores what a fetch answered; null when L2 is away.</summary>
    public abstract ValueTask<SharedWrite?> StoreAsync<T>(
        string key, FetchResult<T> found, string generation, string? owner, TagStamps? tags, EntryPlan plan);

    /// <summary>Removes the value because a fetch has answered what is not to be kept; passes the fence as what is stored does. Null, and owed, when L2 is away.</summary>
    public abstract ValueTask<SharedWrite?> WithholdAsync(string key, long? revision, string generation, string? owner, EntryPlan plan);

    /// <summary>Stores what its writer knows to be newest; null when L2 is away.</summary>
    public abstract ValueTask<SharedWrite?> PutAsync<T>(
        string key, T value, long? revision, TimeSpan timeToLive, TagStamps? tags, EntryPlan plan, CancellationToken cancellationToken);

    /// <summary>Lets what was put under a generation live for as long as the plan says from now on; false when it is not there any more, null when L2 is away or cannot do it.</summary>
    public virtual ValueTask<bool?> ExtendAsync(string key, string generation, EntryPlan plan, CancellationToken cancellationToken) => ValueTask.FromResult<bool?>(null);

    /// <summary>Removes the value. While L2 is away it is owed, and done before this process reads the key there again.</summary>
    public abstract ValueTask InvalidateAsync(string key, EntryPlan plan, CancellationToken cancellationToken);

    /// <summary>Leaves a tombstone; owed while L2 is away.</summary>
    public abstract ValueTask<FenceOutcome?> DenyAsync(string key, string? status, long? revision, EntryPlan plan);

    /// <summary>Notes that the source does not know the key.</summary>
    public abstract ValueTask<FenceOutcome?> MarkAbsentAsync(string key, string generation, string? owner, EntryPlan plan);

    /// <summary>Lets the lease last longer; false when somebody else has it by now, null when L2 is away.</summary>
    public abstract ValueTask<bool?> RenewAsync(string key, string owner, EntryPlan plan);

    /// <summary>Gives the lease back.</summary>
    public abstract ValueTask ReleaseAsync(string key, string owner);
}
