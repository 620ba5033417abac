using System.Globalization;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey;

/// <summary>Reads the answers to <c>INFO</c>.</summary>
internal static class ServerInfo
{
    private static readonly byte[] Command = RespCommand.Encode("INFO");

    /// <summary>Asks every primary, all at once.</summary>
    /// <exception cref="CacheUnavailableException">Nobody tells which primaries there are.</exception>
    public static async Task<IReadOnlyList<ServerStatistics>> ReadAsync(PrimaryServers primaries, CancellationToken cancellationToken) =>
        await Task.WhenAll((await primaries.FindAsync(cancellationToken).ConfigureAwait(false)).Select(address => ReadAsync(primaries, address, cancellationToken))).ConfigureAwait(false);

    /// <summary>Takes the figures out of an answer; what it does not tell is 0.</summary>
    public static ServerStatistics Parse(string address, string info)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = 0L;
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 2) is not [var name, var value])
                continue;
            fields[name] = value;

            // db0:keys=12,expires=3,…
            if (name.StartsWith("db", StringComparison.Ordinal) && value.Split(',')[0].Split('=') is ["keys", var count])
                keys += Number(count);
        }

        var largest = Of("maxmemory");
        return new ServerStatistics(address)
        {
            IsReachable = true,
            Keys = keys,
            UsedBytes = Of("used_memory"),
            LargestBytes = largest == 0 ? null : largest,
            Hits = Of("keyspace_hits"),
            Misses = Of("keyspace_misses"),
            Evicted = Of("evicted_keys"),
            Expired = Of("expired_keys"),
        };

        long Of(string name) => fields.TryGetValue(name, out var text) ? Number(text) : 0;
    }

    private static async Task<ServerStatistics> ReadAsync(PrimaryServers primaries, string address, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await primaries.DialAsync(address, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var reply = await primaries.AskAsync(connection, Command, "INFO", cancellationToken).ConfigureAwait(false);
                return reply.Kind == RespKind.Text ? Parse(address, reply.Text) : new ServerStatistics(address);
            }
        }
        catch (CacheUnavailableException)
        {
            return new ServerStatistics(address);
        }
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
