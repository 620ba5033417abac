namespace Cache.Core.Valkey;

/// <summary>A double of <see cref="ICacheClient"/> for tests: the same promises, in memory, with failures on demand.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class InMemoryCacheClient : ICacheClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (byte[] Value, DateTimeOffset Expiration)> _entries = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    /// <summary>Creates an empty one.</summary>
    /// <param name="time">The clock by which entries expire; the system's when null.</param>
    public InMemoryCacheClient(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>While set, every call throws <see cref="CacheUnavailableException"/>.</summary>
    public bool IsUnavailable { get; set; }

    /// <summary>Called with the command before each call takes effect; lets a test hold or fail it.</summary>
    public Func<string, CancellationToken, ValueTask>? BeforeCall { get; set; }

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        CallAsync("GET", () => Find(key), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await CallAsync("SET", () => Store(key, value, timeToLive), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        CallAsync("SET", () => Find(key) is null && Store(key, value, timeToLive), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CallAsync("DEL", () => keys.LongCount(key => Find(key) is not null && _entries.Remove(key)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CallAsync("EXISTS", () => keys.LongCount(key => Find(key) is not null), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) =>
        CallAsync("INCRBY", () => Add(key, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        CallAsync("EXPIRE", () => Find(key) is { } value && Store(key, value, timeToLive), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) =>
        CallAsync("PING", () => TimeSpan.Zero, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<TResult> CallAsync<TResult>(string command, Func<TResult> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (BeforeCall is { } before)
            await before(command, cancellationToken).ConfigureAwait(false);
        if (IsUnavailable)
            throw new CacheUnavailableException($"{command} failed.");
        lock (_lock)
            return call();
    }

    private byte[]? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        if (entry.Expiration > _time.GetUtcNow())
            return entry.Value;
        _entries.Remove(key);
        return null;
    }

    private bool Store(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive)
    {
        _entries[key] = (value.ToArray(), timeToLive <= TimeSpan.Zero ? DateTimeOffset.MaxValue : _time.GetUtcNow() + timeToLive);
        return true;
    }

    private long Add(string key, long by)
    {
        var sum = by + (Find(key) is { } value ? long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : 0);
        var expiration = _entries.TryGetValue(key, out var entry) ? entry.Expiration : DateTimeOffset.MaxValue;
        _entries[key] = (System.Text.Encoding.UTF8.GetBytes(sum.ToString(System.Globalization.CultureInfo.InvariantCulture)), expiration);
        return sum;
    }
}
