using System.Collections.Concurrent;
using System.Globalization;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Membership;

/// <summary><see cref="IMembership"/> in Valkey.</summary>
internal sealed class ValkeyMembership : IMembership
{
    /// <summary>More names than this are not read: the latest ones count.</summary>
    private const int MostMembers = 10_000;

    /// <summary>How often a member makes sure that it is in the index.</summary>
    private static readonly TimeSpan IndexInterval = TimeSpan.FromMinutes(1);

    /// <summary>A name of which nothing was heard for so long leaves the index. Far more than the interval: the clocks are the members'.</summary>
    private static readonly TimeSpan IndexLife = TimeSpan.FromHours(1);

    private readonly ValkeyCalls _calls;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string Group, string Name), long> _indexed = new();

    public ValkeyMembership(ValkeyConnection connection, ILogger<ValkeyMembership> logger)
    {
        _calls = new ValkeyCalls(connection, logger);
        _time = connection.Time;
    }

    public async ValueTask AnnounceAsync(string group, string name, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        var wasThere = await _calls.CallAsync(
            "SET",
            _calls.WriteLimit,
            (Key: Key(group, name), Value: value.ToArray(), timeToLive),
            static async (database, call, flags) => !(await database.StringSetAndGetAsync(call.Key, call.Value, call.timeToLive, When.Always, flags).ConfigureAwait(false)).IsNull,
            cancellationToken).ConfigureAwait(false);
        if (wasThere && _indexed.TryGetValue((group, name), out var at) && _time.GetElapsedTime(at) < IndexInterval)
            return;
        await _calls.CallAsync(
            "HSET",
            _calls.WriteLimit,
            (Index: Index(group), name, Now: _time.GetUtcNow().ToUnixTimeMilliseconds()),
            static async (database, call, flags) =>
            {
                // The group's keys all end by themselves, this one too.
                await Task.WhenAll(
                    database.HashSetAsync(call.Index, call.name, call.Now, When.Always, flags),
                    database.KeyExpireAsync(call.Index, IndexLife * 2, flags)).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        _indexed[(group, name)] = _time.GetTimestamp();
    }

    public async ValueTask WithdrawAsync(string group, string name, CancellationToken cancellationToken = default)
    {
        _indexed.TryRemove((group, name), out _);
        await _calls.CallAsync(
            "DEL", _calls.WriteLimit, Key(group, name), static (database, key, flags) => database.KeyDeleteAsync(key, flags), cancellationToken).ConfigureAwait(false);
        await ForgetAsync(group, [name], cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<Member>> ReadAsync(string group, CancellationToken cancellationToken = default)
    {
        var index = await _calls.CallAsync(
            "HGETALL", _calls.ReadLimit, Index(group), static (database, key, flags) => database.HashGetAllAsync(key, flags), cancellationToken).ConfigureAwait(false);
        var names = index.Select(entry => (Name: entry.Name.ToString(), At: Moment(entry.Value))).OrderByDescending(entry => entry.At).ToList();
        var read = names.Take(MostMembers).Select(entry => entry.Name).ToArray();
        var values = await _calls.CallAsync(
            "GET",
            _calls.ReadLimit,
            Array.ConvertAll(read, name => Key(group, name)),

            // One command each, all on their way at once: in a cluster the keys live in different places.
            static (database, keys, _) => Task.WhenAll(keys.Select(key => ValkeyCalls.FollowAsync(
                database, key, static async (database, key, flags) => (byte[]?)await database.StringGetAsync(key, flags).ConfigureAwait(false)))),
            cancellationToken).ConfigureAwait(false);
        var old = _time.GetUtcNow() - IndexLife;
        string[] gone = [.. names.Where((entry, place) => entry.At < old && (place >= values.Length || values[place] is null)).Select(entry => entry.Name)];
        if (gone.Length > 0)
            await ForgetAsync(group, gone, cancellationToken).ConfigureAwait(false);
        return [.. read.Zip(values).Where(one => one.Second is not null).Select(one => new Member(one.First, one.Second!)).OrderBy(member => member.Name, StringComparer.Ordinal)];
    }

    private async Task ForgetAsync(string group, string[] names, CancellationToken cancellationToken) => await _calls.CallAsync(
        "HDEL",
        _calls.WriteLimit,
        (Index: Index(group), names),
        static (database, call, flags) => database.HashDeleteAsync(call.Index, Array.ConvertAll(call.names, static name => (RedisValue)name), flags),
        cancellationToken).ConfigureAwait(false);

    private static string Key(string group, string name) => $"{group}:{name}";

    private static string Index(string group) => $"{group}:~index";

    private static DateTimeOffset Moment(RedisValue value) =>
        long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(at)
            : DateTimeOffset.MinValue;
}
