using System.Globalization;
using System.Runtime.CompilerServices;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey;

/// <summary>Walks over the keys of every primary, one after another, on connections of its own: a long walk holds up nobody.</summary>
internal sealed class KeyScan(PrimaryServers primaries)
{
    /// <summary>How many keys the server looks at in one go, while nobody else is served.</summary>
    private const int Step = 500;

    /// <summary>The most keys that a page may be asked for.</summary>
    private const int LargestPage = 1000;

    /// <summary>Steps for one page: a pattern that hardly any key matches must not keep its asker waiting until the walk ends.</summary>
    private const int StepsOfAPage = 100;

    public async IAsyncEnumerable<string> KeysAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var address in await primaries.FindAsync(cancellationToken).ConfigureAwait(false))
        {
            var connection = await primaries.DialAsync(address, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var cursor = KeyCursor.Ends;
                do
                {
                    (cursor, var keys) = await StepAsync(connection, cursor, pattern, Step, cancellationToken).ConfigureAwait(false);
                    foreach (var key in keys)
                        yield return key.Text;
                }
                while (cursor != KeyCursor.Ends);
            }
        }
    }

    /// <inheritdoc cref="ICacheClient.ScanPageAsync"/>
    public async Task<KeyPage> PageAsync(string pattern, int limit, string? cursor, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LargestPage);
        var at = cursor is null ? null : KeyCursor.Parse(cursor);

        // In an order of its own: a later page finds its place in it, whichever node tells of the primaries.
        string[] all = [.. (await primaries.FindAsync(cancellationToken).ConfigureAwait(false)).Order(StringComparer.OrdinalIgnoreCase)];
        var place = at is null ? 0 : Array.FindIndex(all, primary => string.Equals(primary, at.Primary, StringComparison.OrdinalIgnoreCase));
        if (place < 0)
            throw new KeyCursorException("The cursor is of a server that is no primary any more: begin without one.");

        List<string> keys = [];
        var (server, steps) = (at?.Server ?? KeyCursor.Ends, 0);
        for (; place < all.Length; place++, server = KeyCursor.Ends)
        {
            var connection = await primaries.DialAsync(all[place], cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                do
                {
                    if (keys.Count >= limit || steps++ == StepsOfAPage)
                        return new KeyPage(keys, new KeyCursor(all[place], server).ToString());
                    (server, var found) = await StepAsync(connection, server, pattern, Math.Max(limit - keys.Count, (limit / 10) + 1), cancellationToken).ConfigureAwait(false);
                    keys.AddRange(found.Select(key => key.Text));
                }
                while (server != KeyCursor.Ends);
            }
        }

        return new KeyPage(keys, Next: null);
    }

    private async Task<(string Cursor, IReadOnlyList<RespValue> Keys)> StepAsync(
        RespConnection connection, string cursor, string pattern, int count, CancellationToken cancellationToken)
    {
        var command = RespCommand.Encode("SCAN", cursor, "MATCH", pattern, "COUNT", count.ToString(CultureInfo.InvariantCulture));
        var reply = await primaries.AskAsync(connection, command, "SCAN", cancellationToken).ConfigureAwait(false);
        return reply.Items is [var next, { Kind: RespKind.List } keys]
            ? (next.Text, keys.Items)
            : throw new CacheUnavailableException($"SCAN failed: {reply.ErrorCode}.");
    }
}
