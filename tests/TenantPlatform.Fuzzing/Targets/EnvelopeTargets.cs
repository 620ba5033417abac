using System.Buffers.Binary;
using System.Text.Json;
using Cache.Core.Distributed;
using Cache.Core.Formats;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>The envelope about every value in L2. Its check sum is made right: otherwise nothing would ever get past it.</summary>
internal static class EnvelopeTargets
{
    private const string Key = "fuzzed:key";
    private const int HeaderLength = 8;
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly EnvelopeFormat Format = new(new RegisteredSerializers(
        new ServiceCollection().AddSingleton<IHybridCacheSerializer<DistributedEntry>, DistributedEntrySerializer>().BuildServiceProvider(), json: null));

    /// <summary>Any value, of each kind that there is.</summary>
    public static void Envelope(byte[] input)
    {
        Finding.Unless(Format.Read<string>(Key, input).Fault is not null || input.Length >= HeaderLength, "what is shorter than its header is unreadable");
        var stored = Sealed(input);
        Check<string>(stored, string.Equals);
        Check<byte[]>(stored, static (one, other) => one.AsSpan().SequenceEqual(other));
        Check<Sample>(stored, static (one, other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other));
    }

    /// <summary>What IDistributedCache keeps.</summary>
    public static void Distributed(byte[] input)
    {
        var stored = Sealed([0, .. input]);
        Check<DistributedEntry>(stored, AreSame);
        if (Format.Read<DistributedEntry>(Key, stored) is not { Fault: null, Value: { } entry })
            return;

        // What is done with one that was read.
        entry.LifeFrom(Now);
        entry.Lives(TimeSpan.FromMinutes(1), TimeProvider.System);
        entry.IsRenewalDue(TimeProvider.System);
        entry.TryBeginRenewal(TimeSpan.FromMinutes(1), TimeProvider.System);
    }

    private static void Check<T>(byte[] stored, Func<T, T, bool> areSame)
    {
        var read = Format.Read<T>(Key, stored);
        if (read.Fault is not null)
            return;
        var again = Format.Read<T>(Key, Bytes.Write(Format, Key, read.Value, read.Tags));
        Finding.Unless(again.Fault is null, "what was read can be written and read");
        Finding.Unless(read.Tags.SequenceEqual(again.Tags), "tags are read as they were written");
        Finding.Unless(read.Value is null ? again.Value is null : areSame(read.Value, again.Value!), "a value is read as it was written");
        Finding.Unless(Format.Read<T>(Key + "2", stored).Fault is not null, "another key's value is unreadable");
    }

    private static bool AreSame(DistributedEntry one, DistributedEntry other) =>
        one.Sliding == other.Sliding && one.Absolute == other.Absolute && one.Generation == other.Generation && one.Payload.AsSpan().SequenceEqual(other.Payload);

    private sealed record Sample(int Id, string? Name, IReadOnlyList<double>? Numbers, Sample? Inner);

    /// <summary>The header before flags and body.</summary>
    private static byte[] Sealed(byte[] input)
    {
        var (flags, body) = Bytes.Head(input);
        byte[] stored = [0xC4, 0x43, 1, flags, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt32LittleEndian(stored.AsSpan(4), EnvelopeFormat.Sum(Key, stored.AsSpan(2, 2), body));
        return stored;
    }
}
