using System.Buffers;
using Cache.Core.Formats;
using Cache.Core.Snapshots;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>What is encrypted: in L2 and in the file of the last known good.</summary>
internal static class EncryptedTargets
{
    private const string Key = "fuzzed:key";
    private static readonly EncryptedFormat Format = new(new RawFormat(), EncryptionKeys.Parse($"new:{Convert.ToBase64String(new byte[32])},old:{Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(n => (byte)n)])}")!);

    /// <summary>Bytes from anywhere; and a sealed value that was cut, lengthened or changed at one place, which is never read.</summary>
    public static void Encrypted(byte[] input)
    {
        Finding.Unless(Format.Read<ReadOnlyMemory<byte>>(Key, input).Fault is not null, "nobody makes a value without the key");
        var (place, plain) = Bytes.Head(input);
        var stored = Bytes.Write<ReadOnlyMemory<byte>>(Format, Key, plain, []);
        var read = Format.Read<ReadOnlyMemory<byte>>(Key, stored);
        Finding.Unless(read.Fault is null && read.Value.Span.SequenceEqual(plain), "a value is read as it was written");
        Unreadable(stored[..(place % stored.Length)], "cut");
        Unreadable([.. stored, place], "lengthened");
        var changed = stored.ToArray();
        changed[place % stored.Length] ^= (byte)(1 << (plain.Length % 8));
        Unreadable(changed, "changed");
        Finding.Unless(Format.Read<ReadOnlyMemory<byte>>(Key + "2", stored).Fault is not null, "a value copied under another key is not read");
    }

    /// <summary>The records of the last known good, as they are once they are decrypted.</summary>
    public static void Snapshot(byte[] input)
    {
        if (SnapshotPayload.Read(input) is not { } records)
            return;
        var again = SnapshotPayload.Read(Written(records)) ?? throw new Finding("what was read can be written and read");
        Finding.Unless(records.Count == again.Count, "no record is lost");
        foreach (var ((key, record), (otherKey, other)) in records.Zip(again))
        {
            Finding.Unless(key == otherKey && record.IsDenial == other.IsDenial && record.Revision == other.Revision && record.ProvenAt == other.ProvenAt, "a record is read as it was written");
            Finding.Unless(Body(key, record).AsSpan().SequenceEqual(Body(otherKey, other)), "a body is read as it was written");
        }
    }

    private static void Unreadable(byte[] stored, string what) =>
        Finding.Unless(Format.Read<ReadOnlyMemory<byte>>(Key, stored).Fault is not null, $"a value that was {what} is not read");

    private static byte[] Written(List<(string Key, KnownRecord Record)> records)
    {
        var target = new ArrayBufferWriter<byte>();
        SnapshotPayload.Begin(target);
        foreach (var (key, record) in records)
            SnapshotPayload.Append(target, key, record, Body(key, record));
        return target.WrittenSpan.ToArray();
    }

    private static byte[] Body(string key, KnownRecord record)
    {
        var body = new ArrayBufferWriter<byte>();
        record.Write(key, new RawFormat(), body);
        return body.WrittenSpan.ToArray();
    }
}
