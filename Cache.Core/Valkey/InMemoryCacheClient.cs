using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Cache.Core.Fencing;
using Cache.Core.Rates;

namespace Cache.Core.Valkey;

/// <summary>A double of <see cref="ICacheClient"/> for tests: the same promises, in memory, with failures on demand.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class InMemoryCacheClient : ICacheClient, InMemoryFence.ICommands
{
    private readonly Lock _lock = new();
    private readonly InMemoryValues _values;
    private readonly TimeProvider _time;
    private readonly InMemoryFence _fence;

    /// <summary>Creates an empty one.</summary>
    /// <param name="time">The clock by which entries expire; the system's when null.</param>
    public InMemoryCacheClient(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _values = new InMemoryValues(_time);
        _fence = new InMemoryFence(this, _values, _time);
    }

    /// <inheritdoc/>
    public IFence Fence => _fence;

    /// <summary>While set, every call throws <see cref="CacheUnavailableException"/>.</summary>
    public bool IsUnavailable { get; set; }

    /// <summary>Called with the command before each call takes effect; lets a test hold or fail it.</summary>
    public Func<string, CancellationToken, ValueTask>? BeforeCall { get; set; }

    /// <summary>Called with the command after each call has taken effect, before its answer arrives.</summary>
    public Func<string, CancellationToken, ValueTask>? AfterCall { get; set; }

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        CallAsync("GET", () => _values.Find(key), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await CallAsync("SET", () => _values.Store(key, value, timeToLive), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        CallAsync("SET", () => _values.Find(key) is null && _values.Store(key, value, timeToLive), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfEqualAsync(
        string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        CallAsync("SETIFEQUAL", () => Holds(key, expected) && _values.Store(key, value, timeToLive), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteIfEqualAsync(string key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default) =>
        CallAsync("DELIFEQUAL", () => Holds(key, expected) && _values.Remove(key), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RateTake> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken = default)
    {
        RateTerms.Check(terms);
        return await CallAsync("TAKE", () => Take(key, terms), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CallAsync("DEL", () => keys.LongCount(key => _values.Remove(key)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CallAsync("EXISTS", () => keys.LongCount(key => _values.Find(key) is not null), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) =>
        CallAsync("INCRBY", () => Add(key, by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        CallAsync("EXPIRE", () => _values.Find(key) is { } value && _values.Store(key, value, timeToLive), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ScanAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var key in await CallAsync("SCAN", () => _values.Keys(pattern), cancellationToken).ConfigureAwait(false))
            yield return key;
    }

    /// <inheritdoc/>
    public ValueTask<KeyPage> ScanPageAsync(string pattern, int limit, string? cursor = null, CancellationToken cancellationToken = default) =>
        CallAsync("SCAN", () => InMemoryPages.Page([.. _values.Keys(pattern), .. _fence.NamesLike(pattern)], limit, cursor), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ServerStatistics>> StatisticsAsync(CancellationToken cancellationToken = default) =>
        CallAsync("INFO", IReadOnlyList<ServerStatistics> () => [new ServerStatistics("in-memory") { IsReachable = true, Keys = _values.Keys("*").Count }], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) =>
        CallAsync("PING", () => TimeSpan.Zero, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    ValueTask<TResult> InMemoryFence.ICommands.RunAsync<TResult>(string command, Func<TResult> step, CancellationToken cancellationToken) =>
        CallAsync(command, step, cancellationToken);

    private async ValueTask<TResult> CallAsync<TResult>(string command, Func<TResult> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (BeforeCall is { } before)
            await before(command, cancellationToken).ConfigureAwait(false);
        if (IsUnavailable)
            throw new CacheUnavailableException($"{command} failed.");
        TResult result;
        lock (_lock)
            result = call();
        if (AfterCall is { } after)
            await after(command, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private bool Holds(string key, ReadOnlyMemory<byte> expected) => _values.Find(key) is { } value && value.AsSpan().SequenceEqual(expected.Span);

    private RateTake Take(string key, RateTerms terms)
    {
        var now = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var whole = _values.Find(key) is { } value && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var stored) ? stored : now;
        var take = Gcra.Take(terms, now, ref whole);
        if (take.IsAllowed)
            _values.Store(key, Encoding.UTF8.GetBytes(whole.ToString(CultureInfo.InvariantCulture)), TimeSpan.FromMicroseconds(whole - now));
        return take;
    }

    private long Add(string key, long by)
    {
        var sum = by + (_values.Find(key) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : 0);
        _values.Replace(key, Encoding.UTF8.GetBytes(sum.ToString(CultureInfo.InvariantCulture)));
        return sum;
    }
}
