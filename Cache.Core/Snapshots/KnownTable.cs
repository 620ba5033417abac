using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Cache.Core.Memory;

namespace Cache.Core.Snapshots;

/// <summary>
/// What this process would write down: chosen values and all denials, as L1 accepts and revokes them. L1 tells it under its own lock,
/// so the two never disagree about what came first; but what L1 only has no room or no time for stays here.
/// </summary>
/// <remarks>Safe for concurrent use. Bounded: beyond twice the number of entries that are written nothing new comes in.</remarks>
internal sealed class KnownTable(LastKnownGoodOptions options, TimeProvider time)
{
    /// <summary>By this share of its greatest age an entry must have become younger before it is written again for that alone.</summary>
    private const int Steps = 24;

    private readonly ConcurrentDictionary<string, KnownRecord> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _doubted = new(StringComparer.Ordinal);
    private readonly TimeSpan _step = options.MaxAge / Steps;
    private long _version;

    /// <summary>Told of each change, and whether it is a revocation. Called under L1's lock.</summary>
    public Action<bool>? Changed { get; set; }

    /// <summary>Grows with each change.</summary>
    public long Version => Volatile.Read(ref _version);

    public int Count => _records.Count;

    public bool TryGet(string key, [NotNullWhen(true)] out KnownRecord? record) => _records.TryGetValue(key, out record);

    public KnownRecord? Find(string key) => _records.GetValueOrDefault(key);

    public KeyValuePair<string, KnownRecord>[] All() => _records.ToArray();

    /// <summary>Keys that were told as changed and have not been looked at since; they are not doubted any more then.</summary>
    public List<string> TakeDoubted()
    {
        var taken = new List<string>();
        foreach (var (key, _) in _doubted)
        {
            if (_doubted.TryRemove(key, out _))
                taken.Add(key);
        }

        return taken;
    }

    /// <summary>Takes over what the file holds.</summary>
    public void Restore(string key, KnownRecord record) => _records[key] = record;

    /// <summary>L1 has accepted a value.</summary>
    /// <param name="entry">The value.</param>
    /// <param name="age">How long ago the source has answered it, as far as can be told.</param>
    public void Learn<T>(MemoryEntry<T> entry, TimeSpan age)
    {
        _doubted.TryRemove(entry.Key, out _);
        var before = _records.GetValueOrDefault(entry.Key);
        if (entry.Tags is not null || entry.Value is null || (before is null && _records.Count >= MostRecords) || !(options.Chooses?.Invoke(entry.Key) ?? true))
        {
            Forget(entry.Key);
            return;
        }

        var now = time.GetUtcNow();
        var provenAt = now - age;
        if (before is { IsDenial: false, Revision: not null } told && told.Revision == entry.Revision && told.ProvenAt > provenAt && told.ProvenAt <= now)
            provenAt = told.ProvenAt;
        if (before is KnownValue<T> same && same.Revision is not null && same.Revision == entry.Revision && provenAt - same.ProvenAt < _step)
            return;
        _records[entry.Key] = new KnownValue<T>(entry.Value, entry.Revision, provenAt);
        Tell(isRevocation: false);
    }

    /// <summary>L1 has accepted a denial.</summary>
    public void Deny(string key, string? status, long? revision)
    {
        _doubted.TryRemove(key, out _);
        var now = time.GetUtcNow();
        var before = _records.GetValueOrDefault(key);
        if (before is KnownDenial { IsLoaded: false } same && same.Revision == revision && same.Status == status && now - same.ProvenAt < _step)
            return;

        // Where there is no room for the denial, the value goes all the same.
        if (before is null && _records.Count >= MostRecords)
            return;
        _records[key] = new KnownDenial(status, revision, now);
        Tell(isRevocation: true);
    }

    /// <summary>The value was revoked, or is not to be kept. A denial stays until an answer lifts it.</summary>
    public void Revoke(string key)
    {
        if (_records.TryGetValue(key, out var record) && !record.IsDenial)
            Forget(key);
    }

    /// <summary>An answer has lifted or outdated what is known, whatever it is.</summary>
    public void Forget(string key)
    {
        _doubted.TryRemove(key, out _);
        if (_records.TryRemove(key, out _))
            Tell(isRevocation: true);
    }

    /// <summary>The source has answered this revision: what is older goes, and so does a denial.</summary>
    public void Outdate(string key, long? revision)
    {
        if (_records.TryGetValue(key, out var record) && (record.IsDenial || record.Revision < revision))
            Forget(key);
    }

    /// <summary>L2 has told that the key has changed, and not how.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isForeign">Whether it is surely not the echo of an own write.</param>
    public void Doubt(string key, bool isForeign)
    {
        if (!_records.TryGetValue(key, out var record) || record.IsDenial || (!_doubted.TryAdd(key, isForeign) && !isForeign))
            return;
        Tell(isForeign);
    }

    /// <summary>L2 is there and has nothing under the key: what an invalidation has removed looks like that (RevocationWins).</summary>
    /// <param name="key">The key.</param>
    /// <param name="before">What was known before L2 was asked; what was learned since stays.</param>
    public void Missed(string key, KnownRecord? before)
    {
        if (before is not { IsDenial: false } || !_records.TryRemove(KeyValuePair.Create(key, before)))
            return;
        Tell(isRevocation: true);
    }

    /// <summary>What is not written is not kept either, unless it has changed meanwhile.</summary>
    public void Drop(string key, KnownRecord record) => _records.TryRemove(KeyValuePair.Create(key, record));

    private int MostRecords => options.MaxEntries > int.MaxValue / 2 ? int.MaxValue : options.MaxEntries * 2;

    private void Tell(bool isRevocation)
    {
        Interlocked.Increment(ref _version);
        Changed?.Invoke(isRevocation);
    }
}
