using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using StackExchange.Redis;

namespace Cache.Core.Fencing;

/// <summary>A key's value, its fence and its lease by four reading commands, over either way to the server.</summary>
/// <remarks>
/// The value is read before the fence, as a hit is (<see cref="ValkeyFence"/>): what comes between the two either shows in the fence,
/// and the value is not believed, or it came after the value was looked at.
/// </remarks>
internal static class FencePeek
{
    private const string AbsentMark = "-";
    private const int NoKey = -2;
    private static readonly RedisValue[] Fields = ["r", "d", "dr"];
    private static readonly RespValue NoText = RespValue.OfBlob([]);

    public static DirectRequest Request(string key)
    {
        var builder = new RespBuilder((key.Length * 4) + 160);
        builder.Begin(2);
        builder.Part("GET"u8);
        builder.Part(key);
        builder.Begin(2);
        builder.Part("PTTL"u8);
        builder.Part(key);
        builder.Begin(2 + Fields.Length);
        builder.Part("HMGET"u8);
        builder.Part(FenceKeys.Fence(key));
        foreach (var field in Fields)
            builder.Part((string)field!);
        builder.Begin(2);
        builder.Part("GET"u8);
        builder.Part(FenceKeys.Lease(key));
        return new DirectRequest(key, builder.Written, Replies: 4, IsRead: true);
    }

    /// <summary>The same over the library, with the replies that the direct way has.</summary>
    public static async Task<RespValue[]> AskAsync(IDatabase database, string key, CommandFlags flags)
    {
        var value = await ReadAsync(database.StringGetAsync(key, flags), Leaf).ConfigureAwait(false);
        var remaining = await database.KeyTimeToLiveAsync(key, flags).ConfigureAwait(false);
        var fence = await ReadAsync(
            database.HashGetAsync(FenceKeys.Fence(key), Fields, flags), static fields => RespValue.OfItems(RespKind.List, [.. fields.Select(Leaf)])).ConfigureAwait(false);
        var holder = await ReadAsync(database.StringGetAsync(FenceKeys.Lease(key), flags), Leaf).ConfigureAwait(false);
        return [value, RespValue.OfNumber(remaining is { } time ? (long)time.TotalMilliseconds : -1), fence, holder];
    }

    public static FenceNote Of(RespValue[] replies)
    {
        var (remaining, fence, lease) = (replies[1].Number, replies[2], replies[3]);
        var value = remaining == NoKey ? RespValue.Null : replies[0].Kind == RespKind.Error ? NoText : replies[0];
        var holder = lease.Kind == RespKind.Error ? null : ValkeyFence.TextOf(lease);

        // A fence that is none guards nothing: what reads to fill takes it away.
        var (revision, denial, denialRevision) = fence.Items is [var highest, var status, var denied] ? (highest, status, denied) : (RespValue.Null, RespValue.Null, RespValue.Null);
        return new FenceNote
        {
            Value = value.Bytes,
            Remaining = value.Bytes is null ? null : ValkeyFence.Life(remaining),
            Revision = ValkeyFence.Revision(revision),
            Denial = ValkeyFence.TextOf(denial),
            DenialRevision = ValkeyFence.Revision(denialRevision),
            IsAbsent = holder == AbsentMark,
            IsLeasedElsewhere = holder is not null and not AbsentMark,
        };
    }

    private static async Task<RespValue> ReadAsync<T>(Task<T> reading, Func<T, RespValue> read)
    {
        try
        {
            return read(await reading.ConfigureAwait(false));
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return RespValue.OfError("WRONGTYPE");
        }
    }

    private static RespValue Leaf(RedisValue value) => (byte[]?)value is { } bytes ? RespValue.OfBlob(bytes) : RespValue.Null;
}
