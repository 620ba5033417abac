using Cache.Core.Valkey.Resp;
using StackExchange.Redis;

namespace Cache.Core.Fencing;

/// <summary>What a script answered over StackExchange.Redis, as the direct way has it.</summary>
internal static class ScriptAnswer
{
    public static RespValue Of(FenceScript script, RedisResult answer)
    {
        if (!ReferenceEquals(script, FenceScript.Note))
            return Leaf(answer);

        // The library tells numbers from texts only in newer versions, so the positions do.
        var parts = (RedisResult[])answer!;
        return RespValue.OfItems(RespKind.List, [.. parts.Select((part, position) => position is 1 or 2 ? RespValue.OfNumber((long)part) : Leaf(part))]);
    }

    private static RespValue Leaf(RedisResult part) => (byte[]?)part is { } bytes ? RespValue.OfBlob(bytes) : RespValue.Null;
}
