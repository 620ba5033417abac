using Cache.Core.Valkey.Scripting;

namespace Cache.Core.Fencing;

/// <summary>The fence's scripts.</summary>
internal static class FenceScript
{
    public static ValkeyScript Note { get; } = Load("note", numbers: [1, 2]);

    public static ValkeyScript Store { get; } = Load("store");

    public static ValkeyScript Put { get; } = Load("put");

    public static ValkeyScript Invalidate { get; } = Load("invalidate");

    public static ValkeyScript Deny { get; } = Load("deny");

    public static ValkeyScript Drop { get; } = Load("drop");

    public static ValkeyScript Absent { get; } = Load("absent");

    public static ValkeyScript Extend { get; } = Load("extend");

    public static ValkeyScript Renew { get; } = Load("renew");

    public static ValkeyScript Release { get; } = Load("release");

    private static ValkeyScript Load(string name, int[]? numbers = null) => ValkeyScript.Load("Fencing", name, numbers, Mutated);

    private static string Mutated(string text) => Mutant.CounterInsteadOfToken
        ? text
            .Replace("generation = ARGV[1]", "generation = '1'", StringComparison.Ordinal)
            .Replace("redis.pcall('HSET', KEYS[2], 'g', ARGV[1])", "redis.pcall('HINCRBY', KEYS[2], 'g', 1)", StringComparison.Ordinal)
        : text;
}
