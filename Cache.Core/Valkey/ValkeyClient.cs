using Cache.Core.Fencing;
using Cache.Core.Rates;
using Cache.Core.Valkey.Resp;
using Cache.Core.Valkey.Scripting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary><see cref="ICacheClient"/> over StackExchange.Redis, with a hard time limit on every call and a breaker before it.</summary>
/// <remarks>Safe for concurrent use. Works against a single server and against a cluster.</remarks>
internal sealed class ValkeyClient : ICacheClient
{
    private readonly ValkeyCalls _calls;
    private readonly ValkeyScripts _scripts;
    private readonly KeyScan _scan;
    private readonly PrimaryServers _primaries;

    /// <summary>Creates a client on a connection, which stays the caller's.</summary>
    public ValkeyClient(ValkeyConnection connection, ILogger<ValkeyClient> logger)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _calls = new ValkeyCalls(connection, logger);
        _primaries = new PrimaryServers(connection.Options, connection.Time);
        _scan = new KeyScan(_primaries);
        _scripts = new ValkeyScripts(_calls);
        Fence = new ValkeyFence(_calls, _scripts);
    }

    /// <inheritdoc/>
    public IFence Fence { get; }

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        _calls.CallAsync("GET", _calls.ReadLimit, key, static async (database, key, flags) => (byte[]?)await database.StringGetAsync(key, flags).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await SetAsync(key, value, timeToLive, When.Always, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        SetAsync(key, value, timeToLive, When.NotExists, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> SetIfEqualAsync(
        string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        IsDone(await _scripts.RunAsync(ValueScript.SetIfEqual, [key], [expected, value, Milliseconds(timeToLive)], _calls.WriteLimit, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteIfEqualAsync(string key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default) =>
        IsDone(await _scripts.RunAsync(ValueScript.DeleteIfEqual, [key], [expected], _calls.WriteLimit, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask<RateTake> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken = default)
    {
        RateTerms.Check(terms);
        var answer = (await _scripts.RunAsync(ValueScript.Take, [key], [terms.Interval, terms.Whole], _calls.WriteLimit, cancellationToken).ConfigureAwait(false)).Items;
        return RateTake.Of(answer[0].Number == 1, answer[1].Number, answer[2].Number, answer[3].Number);
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CountAsync("DEL", _calls.WriteLimit, keys, static (database, key, flags) => database.KeyDeleteAsync(key, flags), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CountAsync("EXISTS", _calls.ReadLimit, keys, static (database, key, flags) => database.KeyExistsAsync(key, flags), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) =>
        _calls.CallAsync("INCRBY", _calls.WriteLimit, (key, by), static (database, call, flags) => database.StringIncrementAsync(call.key, call.by, flags), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        _calls.CallAsync(
            "EXPIRE",
            _calls.WriteLimit,
            (key, timeToLive: Lifetime(timeToLive)),
            static async (database, call, flags) => call.timeToLive is null
                ? await database.KeyPersistAsync(call.key, flags).ConfigureAwait(false) || await database.KeyExistsAsync(call.key, flags).ConfigureAwait(false)
                : await database.KeyExpireAsync(call.key, call.timeToLive, flags).ConfigureAwait(false),
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ScanAsync(string pattern, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return _scan.KeysAsync(pattern, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<KeyPage> ScanPageAsync(string pattern, int limit, string? cursor = null, CancellationToken cancellationToken = default) =>
        await _scan.PageAsync(pattern, limit, cursor, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ServerStatistics>> StatisticsAsync(CancellationToken cancellationToken = default) =>
        await ServerInfo.ReadAsync(_primaries, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) =>
        _calls.CallAsync("PING", _calls.ReadLimit, 0, static (database, _, _) => database.PingAsync(), cancellationToken);

    /// <summary>Does nothing: the connection is closed by its owner.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, When when, CancellationToken cancellationToken) =>
        _calls.CallAsync(
            "SET",
            _calls.WriteLimit,
            (key, value, timeToLive: Lifetime(timeToLive), when),
            static (database, call, flags) => database.StringSetAsync(call.key, call.value.ToArray(), call.timeToLive, call.when, flags),
            cancellationToken);

    /// <summary>One command per key, all on their way at once: in a cluster the keys live in different places.</summary>
    private ValueTask<long> CountAsync(
        string command, TimeSpan limit, IReadOnlyCollection<string> keys, Func<IDatabase, string, CommandFlags, Task<bool>> call, CancellationToken cancellationToken) =>
        _calls.CallAsync(
            command,
            limit,
            (keys, call),
            static async (database, all, _) =>
            {
                var answers = await Task.WhenAll(all.keys.Select(key => ValkeyCalls.FollowAsync(database, key, all.call))).ConfigureAwait(false);
                return (long)answers.Count(answer => answer);
            },
            cancellationToken);

    private static bool IsDone(RespValue answer) => answer.Text == "done";

    private static long Milliseconds(TimeSpan time) => time <= TimeSpan.Zero ? 0 : Math.Max(1, (long)time.TotalMilliseconds);

    private static TimeSpan? Lifetime(TimeSpan timeToLive) => timeToLive <= TimeSpan.Zero ? null : timeToLive;
}
