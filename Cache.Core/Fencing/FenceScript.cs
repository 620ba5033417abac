using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Cache.Core.Fencing;

/// <summary>A script and the digest that Valkey knows it by.</summary>
internal sealed class FenceScript
{
    private FenceScript(string name)
    {
        using var stream = typeof(FenceScript).Assembly.GetManifestResourceStream($"Cache.Core.Fencing.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of the assembly.");
        using var reader = new StreamReader(stream);
        Name = name;
        Text = Mutated(reader.ReadToEnd());
        Digest = Sha1(Text);
        Hex = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Digest));
    }

    public static FenceScript Note { get; } = new("note");

    public static FenceScript Store { get; } = new("store");

    public static FenceScript Put { get; } = new("put");

    public static FenceScript Invalidate { get; } = new("invalidate");

    public static FenceScript Drop { get; } = new("drop");

    public static FenceScript Deny { get; } = new("deny");

    public static FenceScript Absent { get; } = new("absent");

    public static FenceScript Renew { get; } = new("renew");

    public static FenceScript Release { get; } = new("release");

    public string Name { get; }

    public string Text { get; }

    public byte[] Digest { get; }

    /// <summary>The digest as EVALSHA takes it.</summary>
    public byte[] Hex { get; }

    private static string Mutated(string text) => Mutant.CounterInsteadOfToken
        ? text
            .Replace("generation = ARGV[1]", "generation = '1'", StringComparison.Ordinal)
            .Replace("redis.pcall('HSET', KEYS[2], 'g', ARGV[1])", "redis.pcall('HINCRBY', KEYS[2], 'g', 1)", StringComparison.Ordinal)
        : text;

    [SuppressMessage("Security", "CA5350", Justification = "Valkey names scripts by SHA-1; nothing is protected by it.")]
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
