using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;

namespace Cache.Core.Memory;

/// <summary>L1: materialised objects in this process, bounded in number, guarded against overtaken fills.</summary>
/// <remarks>Safe for concurrent use. Reading takes no lock and allocates nothing.</remarks>
internal sealed class MemoryTier
{
    private readonly ConcurrentDictionary<string, MemoryEntry> _entries = new(StringComparer.Ordinal);
    private readonly EpochTable _epochs = new();
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly int _capacity;
    private int _count;

    public MemoryTier(int capacity, TimeProvider time, CacheMetrics metrics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _time = time;
        _metrics = metrics;
    }

    /// <summary>How many entries there are, stale ones included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Reads a fresh entry. This is the hit path: one dictionary look-up, one clock read, one type check.</summary>
    public bool TryGetFresh<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        if (_entries.TryGetValue(key, out var found) && found.SoftExpiration > _time.GetTimestamp() && found is MemoryEntry<T> typed)
        {
            entry = typed;
            return true;
        }

        entry = null;
        return false;
    }

    /// <summary>Reads an entry that is stale but may still be served when nothing better can be had.</summary>
    public bool TryGetStale<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        entry = _entries.TryGetValue(key, out var found) && found.HardExpiration > _time.GetTimestamp() ? found as MemoryEntry<T> : null;
        return entry is not null;
    }

    /// <summary>Notes the key's epoch; to be called before anything is read that will fill this tier.</summary>
    public long NoteEpoch(string key) => _epochs.Note(key);

    /// <summary>Whether no invalidation of the key has come since its epoch was noted.</summary>
    public bool IsCurrent(string key, long epoch) => _epochs.Note(key) == epoch;

    /// <summary>
    /// Fills an entry unless an invalidation has overtaken the read it comes from (NoResurrection), or a higher
    /// revision is here already (MonotonicPod). Returns whether the value may be written to L2 as well.
    /// </summary>
    public bool TryFill<T>(string key, long epoch, T value, long? revision, TimeSpan soft, TimeSpan hard)
    {
        lock (_epochs.LockOf(key))
        {
            if (_epochs.Note(key) != epoch)
                return false;
            if (revision is { } mine && _entries.TryGetValue(key, out var present) && present.Revision > mine)
                return false;
            Store(key, new MemoryEntry<T>(value, revision, Deadline(soft), Deadline(hard)));
        }

        EvictOverCapacity(key);
        return true;
    }

    /// <summary>Removes the key and moves its epoch: fills that began before are rejected.</summary>
    public void Invalidate(string key)
    {
        lock (_epochs.LockOf(key))
        {
            _epochs.Move(key);
            Remove(key);
        }
    }

    /// <summary>Moves the key's epoch, then stores a value that whoever calls knows to be the newest.</summary>
    public void Set<T>(string key, T value, TimeSpan soft, TimeSpan hard)
    {
        lock (_epochs.LockOf(key))
        {
            _epochs.Move(key);
            Store(key, new MemoryEntry<T>(value, revision: null, Deadline(soft), Deadline(hard)));
        }

        EvictOverCapacity(key);
    }

    private void Store(string key, MemoryEntry entry)
    {
        if (_entries.TryAdd(key, entry))
            Interlocked.Increment(ref _count);
        else
            _entries[key] = entry;
    }

    private bool Remove(string key)
    {
        if (!_entries.TryRemove(key, out _))
            return false;
        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>Makes room: of a few entries, those that would expire first. The one place where the policy is decided.</summary>
    private void EvictOverCapacity(string justStored)
    {
        while (Count > _capacity)
        {
            var victim = EvictionSample.Choose(_entries, justStored);
            if (victim is null)
                return;
            lock (_epochs.LockOf(victim))
            {
                if (Remove(victim))
                    _metrics.Evicted();
            }
        }
    }

    private long Deadline(TimeSpan lifetime) =>
        lifetime <= TimeSpan.Zero || lifetime >= Expirations.Longest
            ? long.MaxValue
            : _time.GetTimestamp() + (long)(lifetime.TotalSeconds * _time.TimestampFrequency);
}
