using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Cache.Core.Diagnostics;
using Cache.Core.Formats;
using Cache.Core.Loading;
using Cache.Core.Memory;
using Cache.Core.Tiered;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Snapshots;

/// <summary>
/// The last resort, after stale-if-error: what the source has last said, written down for a process that starts while L2 and the source
/// are both away. Nothing here throws, but for what cannot be configured.
/// </summary>
/// <remarks>
/// <code>
///   L1 accepts, revokes ─▶ table ─▶ (gathered) ─▶ sealed file
///   start: file ─▶ table, and denials ─▶ L1          L2 and the source both away ─▶ table ─▶ the caller, marked
/// </code>
/// </remarks>
internal sealed partial class LastKnownGood : IDisposable, IAsyncDisposable
{
    /// <summary>A record from the future beyond this is not believed: the clock was set, and nobody knows how old it is.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    /// <summary>The most keys that are looked up again before one write.</summary>
    private const int MostLooks = 1000;

    private readonly LastKnownGoodOptions _options;
    private readonly SnapshotFile _file;
    private readonly IValueFormat _format;
    private readonly Func<string, object, bool>? _belongs;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SnapshotPace _pace;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _writing = new();
    private MemoryTier? _l1;
    private TimeSpan _denialLife;
    private Task _running = Task.CompletedTask;
    private long _written;
    private long _servedLogged = long.MinValue;
    private bool _isFailing;

    private LastKnownGood(
        LastKnownGoodOptions options, EncryptionKeys keys, IValueFormat format, TieredCacheOptions cache, TimeProvider time, CacheMetrics metrics, ILogger logger)
    {
        _options = options;
        _file = new SnapshotFile(options.Path, cache.KeyPrefix, keys, options.MaxSize.Bytes);
        _format = format;
        _belongs = cache.BelongsTo;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _pace = new SnapshotPace(options.WriteInterval, time);
        Table = new KnownTable(options, time);
    }

    /// <summary>What is known; L1 tells it.</summary>
    public KnownTable Table { get; }

    /// <summary>Null, with a warning, when there is no key: without one nothing is written, and what is there cannot be read.</summary>
    /// <exception cref="CacheConfigurationException">The keys cannot be read.</exception>
    public static LastKnownGood? Open(IValueFormat format, TieredCacheOptions cache, TimeProvider time, CacheMetrics metrics, ILogger logger)
    {
        if (cache.LastKnownGood is not { } options)
            return null;
        if (EncryptionKeys.Parse(options.EncryptionKeys, LastKnownGoodSettings.EncryptionKeys) is { } keys)
            return new LastKnownGood(options, keys, format, cache, time, metrics, logger);
        LogNoKeys(logger, options.Path, LastKnownGoodSettings.EncryptionKeys);
        return null;
    }

    /// <summary>Reads the file; its denials hold in L1 from now on, until L2 or the source says otherwise.</summary>
    /// <remarks>At once and not in the background: a look-up before it could let a denied key in. A local file takes milliseconds.</remarks>
    public void Load(MemoryTier l1, EntryPlan plan)
    {
        _l1 = l1;
        _denialLife = plan.TombstoneLife > _options.MaxAge ? plan.TombstoneLife : _options.MaxAge;
        var (records, fault) = _file.Read();
        if (records is null)
        {
            _metrics.SnapshotRead(fault ?? "absent");
            if (fault is not null)
                LogUnreadable(_options.Path, fault, fault is "key" or "tampered" ? LastKnownGoodSettings.EncryptionKeys : LastKnownGoodSettings.Path);
            return;
        }

        var denials = 0;
        foreach (var (key, record) in records)
        {
            if (!IsHolding(record))
                continue;
            if (record is KnownDenial denial)
            {
                denials++;
                l1.TryDeny(key, denial.Status, denial.Revision, plan.DeniedRecheck, _denialLife);

                // Asked again by who comes first: the tombstone is a word of the past.
                l1.Invalidate(key);
            }

            Table.Restore(key, record);
        }

        _written = Table.Version;
        _metrics.SnapshotRead("loaded");
        _metrics.SnapshotHolds(Table.Count);
        LogLoaded(Table.Count - denials, denials);
    }

    /// <summary>Begins to write down what changes.</summary>
    public void Start(Loader loader, EntryPlan plan)
    {
        Table.Changed = _pace.Changed;
        _running = RunAsync(loader, plan, _stop.Token);
    }

    /// <summary>What is known of the key. To be asked only when L2 and the source have both failed for it.</summary>
    public bool TryServe<T>(string key, out CacheLookup<T> lookup)
    {
        lookup = default;
        if (!Table.TryGet(key, out var record) || !IsHolding(record))
            return false;
        var age = Age(record);
        if (record is KnownDenial denial)
        {
            lookup = new CacheLookup<T>(FetchResult<T>.Denied(denial.Status, denial.Revision), CacheSource.LastKnownGood);
        }
        else
        {
            if (!record.TryRead<T>(key, _format, out var value) || _belongs?.Invoke(key, value!) == false)
                return false;

            if (!_l1!.Recall(key, record))
                return false;
            lookup = new CacheLookup<T>(FetchResult<T>.Found(value, record.Revision), CacheSource.LastKnownGood, IsStale: true, age);
        }

        _metrics.SnapshotServed(lookup.Outcome == FetchOutcome.Found ? "found" : "denied", age);
        LogServed(age);
        return true;
    }

    /// <summary>Whether the key's denial is a word of the past that nobody has repeated.</summary>
    public bool IsDenialLoaded(string key) => Table.TryGet(key, out var record) && record is KnownDenial { IsLoaded: true };

    /// <summary>Writes what has changed, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Run(WriteIfChanged).ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, at once.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        WriteIfChanged();
        _stop.Dispose();
    }

    private async Task RunAsync(Loader loader, EntryPlan plan, CancellationToken stop)
    {
        while (true)
        {
            await _pace.WaitAsync(stop).ConfigureAwait(false);
            await LookAgainAsync(loader, plan, stop).ConfigureAwait(false);
            if (!WriteIfChanged())
                _pace.Changed(isRevocation: false);
        }
    }

    /// <summary>
    /// A key that L2 has told as changed may have been invalidated, and nobody may ask for it before this process ends. Where L2 does not
    /// answer, what was known stays, as in L1.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, what is known is to be written down.")]
    private async Task LookAgainAsync(Loader loader, EntryPlan plan, CancellationToken stop)
    {
        try
        {
            foreach (var key in Table.TakeDoubted().Take(MostLooks))
            {
                if (Table.TryGet(key, out var record))
                    await record.LookAgainAsync(key, loader, plan, stop).ConfigureAwait(false);
            }
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // The next change tells again.
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the disk or the path is, it is tried again, and the cache goes on.")]
    private bool WriteIfChanged()
    {
        lock (_writing)
        {
            var version = Table.Version;
            if (version == _written)
                return true;
            var (records, count, left) = Collect();
            try
            {
                _file.Write(records.WrittenMemory);
                _written = version;
                _metrics.SnapshotWritten("written");
                _metrics.SnapshotHolds(count);
                LogWritten(count, left);
                _isFailing = false;
                return true;
            }
            catch (Exception exception)
            {
                _metrics.SnapshotWritten("failed");
                if (!_isFailing)
                    LogNotWritten(_options.Path, exception.GetType().Name, LastKnownGoodSettings.Path);
                _isFailing = true;
                return false;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsMemory(records.WrittenMemory).Span);
            }
        }
    }

    /// <summary>Denials first, then what was proven last, as far as there is room. What is too old is forgotten.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A value that its serializer cannot write is left out; the others are not.")]
    private (ArrayBufferWriter<byte> Records, int Count, int Left) Collect()
    {
        var records = new ArrayBufferWriter<byte>(64 * 1024);
        var body = new ArrayBufferWriter<byte>(1024);
        SnapshotPayload.Begin(records);
        var (count, left) = (0, 0);
        foreach (var (key, record) in Table.All().OrderByDescending(static one => one.Value.IsDenial).ThenByDescending(static one => one.Value.ProvenAt))
        {
            if (!IsHolding(record) || count >= _options.MaxEntries)
            {
                left += IsHolding(record) ? 1 : 0;
                Table.Drop(key, record);
                continue;
            }

            body.Clear();
            try
            {
                record.Write(key, _format, body);
            }
            catch (Exception)
            {
                Table.Drop(key, record);
                left++;
                continue;
            }

            if (records.WrittenCount + SnapshotPayload.OverheadOf(key) + body.WrittenCount > _options.MaxSize.Bytes)
            {
                left++;
                continue;
            }

            SnapshotPayload.Append(records, key, record, body.WrittenSpan);
            count++;
        }

        body.Clear();
        return (records, count, left);
    }

    private TimeSpan Age(KnownRecord record) => _time.GetUtcNow() - record.ProvenAt is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    private bool IsHolding(KnownRecord record) =>
        Age(record) <= (record.IsDenial ? _denialLife : _options.MaxAge) && (record.IsDenial || record.ProvenAt - _time.GetUtcNow() <= ClockTolerance);

    private void LogServed(TimeSpan age)
    {
        var now = _time.GetTimestamp();
        var last = Volatile.Read(ref _servedLogged);
        if ((last == long.MinValue || _time.GetElapsedTime(last, now) >= LogEvery) && Interlocked.CompareExchange(ref _servedLogged, now, last) == last)
            LogServing(age);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no last known good: {Path} is encrypted, and {Setting} has no key. Set it to 'id:base64key' (openssl rand -base64 32)")]
    private static partial void LogNoKeys(ILogger logger, string path, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last known good in {Path} cannot be read ({Fault}); the start goes on without it, and it is written anew. See {Setting}")]
    private partial void LogUnreadable(string path, string fault, string setting);

    [LoggerMessage(Level = LogLevel.Information, Message = "The last known good was read: {Entries} entries, {Denials} denials")]
    private partial void LogLoaded(int entries, int denials);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Valkey and the source are both away: the last known good is served, {Age} old")]
    private partial void LogServing(TimeSpan age);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The last known good was written: {Entries} entries, {Left} left out")]
    private partial void LogWritten(int entries, int left);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last known good cannot be written to {Path} ({Fault}); it is tried again. See {Setting}")]
    private partial void LogNotWritten(string path, string fault, string setting);
}
