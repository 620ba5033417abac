using System.Collections.Concurrent;

namespace Cache.Core.Coherence;

/// <summary>
/// The keys that this process is writing, or has just written: the channel will tell it of them as of anybody's change.
/// </summary>
/// <remarks>
/// <para>An echo cannot be told from a foreign change, and the server folds both into one message when they come close together. So
/// an expected echo is never ignored: it means "look again" instead of "it is gone". What was just filled stays, unproven, and
/// the next read asks L2 once.</para>
/// <para>Safe for concurrent use. Bounded: a record goes with its echo, or when it is older than the lease and others come.</para>
/// </remarks>
internal sealed class OwnWrites(TimeProvider time, TimeSpan patience)
{
    private const int SweepAt = 1024;
    private readonly ConcurrentDictionary<string, Record> _records = new(StringComparer.Ordinal);
    private int _sinceSweep;

    public int Count => _records.Count;

    /// <summary>Expects the echo of a write that is about to be sent; dispose the result when the write has been answered.</summary>
    public Writing Begin(string valueKey)
    {
        if (Interlocked.Increment(ref _sinceSweep) % SweepAt == 0)
            Sweep();
        while (true)
        {
            var record = _records.GetOrAdd(valueKey, static _ => new Record());
            lock (record)
            {
                if (record.IsGone)
                    continue;
                record.Running++;
                record.Expected++;
                return new Writing(this, valueKey, record);
            }
        }
    }

    /// <summary>Whether a change that was just told may be the echo of an own write. An echo is expected once per write.</summary>
    public bool Takes(string valueKey)
    {
        if (!_records.TryGetValue(valueKey, out var record))
            return false;
        lock (record)
        {
            if (record.IsGone || (record.Running == 0 && time.GetElapsedTime(record.EndedAt) > patience))
            {
                Drop(valueKey, record);
                return false;
            }

            // While one runs, further ones are expected to be told with it: they are not counted exactly.
            if (--record.Expected <= 0 && record.Running == 0)
                Drop(valueKey, record);
            return true;
        }
    }

    private void End(string valueKey, Record record, bool written)
    {
        lock (record)
        {
            record.Running--;
            record.EndedAt = time.GetTimestamp();
            if (!written)
                record.Expected--;
            if (record.Running == 0 && record.Expected <= 0)
                Drop(valueKey, record);
        }
    }

    private void Drop(string valueKey, Record record)
    {
        record.IsGone = true;
        _records.TryRemove(KeyValuePair.Create(valueKey, record));
    }

    private void Sweep()
    {
        foreach (var (key, record) in _records)
        {
            lock (record)
            {
                if (record.Running == 0 && time.GetElapsedTime(record.EndedAt) > patience)
                    Drop(key, record);
            }
        }
    }

    /// <summary>One write on its way.</summary>
    internal sealed class Writing(OwnWrites owner, string valueKey, Record record) : IDisposable
    {
        private int _ended;

        /// <summary>The server has answered.</summary>
        /// <param name="written">Whether it may have changed the key; false when it refused to, so that no echo will come.</param>
        public void Answered(bool written)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                owner.End(valueKey, record, written);
        }

        public void Dispose() => Answered(written: true);
    }

    internal sealed class Record
    {
        public int Running;
        public int Expected;
        public long EndedAt;
        public bool IsGone;
    }
}
