using Cache.Core.Valkey.Resp;
using StackExchange.Redis;

namespace Cache.Core.Valkey.Scripting;

/// <summary>What a script answered over StackExchange.Redis, as the direct way has it.</summary>
internal static class ScriptAnswer
{
    public static RespValue Of(ValkeyScript script, RedisResult answer)
    {
        if (script.Numbers is not { } numbers)
            return Leaf(answer);

        // The library tells numbers from texts only in newer versions, so the positions do.
        var parts = (RedisResult[])answer!;
        return RespValue.OfItems(RespKind.List, [.. parts.Select((part, position) => numbers.Contains(position) ? RespValue.OfNumber((long)part) : Leaf(part))]);
    }

    private static RespValue Leaf(RedisResult part) => (byte[]?)part is { } bytes ? RespValue.OfBlob(bytes) : RespValue.Null;
}
