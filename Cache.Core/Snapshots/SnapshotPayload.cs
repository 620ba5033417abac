using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Cache.Core.Formats;

namespace Cache.Core.Snapshots;

/// <summary>The snapshot's records as bytes, before they are sealed.</summary>
/// <remarks>
/// Layout, numbers little-endian: version 1; then for each record its kind (0: value, 1: denial), length (4 bytes) and UTF-8 key, revision
/// (8 bytes, below zero: none), the moment it was proven (8 bytes, ticks of UTC), length (4 bytes) and body: the value as the cache's format
/// writes it, or the denial's status.
/// </remarks>
internal static class SnapshotPayload
{
    private const byte Version = 1;
    private const byte Value = 0;
    private const byte Denial = 1;

    public static void Begin(IBufferWriter<byte> target) => target.Write([Version]);

    /// <summary>Appends a record whose body has been written.</summary>
    public static void Append(IBufferWriter<byte> target, string key, KnownRecord record, ReadOnlySpan<byte> body)
    {
        target.Write([record.IsDenial ? Denial : Value]);
        WriteBytes(target, Encoding.UTF8.GetBytes(key));
        WriteNumber(target, record.Revision ?? -1);
        WriteNumber(target, record.ProvenAt.UtcTicks);
        WriteBytes(target, body);
    }

    /// <summary>What a record takes beside its body.</summary>
    public static int OverheadOf(string key) => 1 + (2 * sizeof(int)) + (2 * sizeof(long)) + Encoding.UTF8.GetByteCount(key);

    /// <summary>The records; null when this is no such payload.</summary>
    public static List<(string Key, KnownRecord Record)>? Read(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] != Version)
            return null;
        rest = rest[1..];
        var records = new List<(string, KnownRecord)>();
        try
        {
            while (!rest.IsEmpty)
            {
                var kind = rest[0];
                rest = rest[1..];
                var key = Encoding.UTF8.GetString(ReadBytes(ref rest));
                var revision = ReadNumber(ref rest) is >= 0 and var told ? told : (long?)null;
                var provenAt = new DateTimeOffset(ReadNumber(ref rest), TimeSpan.Zero);
                var body = ReadBytes(ref rest);
                if (kind == Denial)
                    records.Add((key, new KnownDenial(body.IsEmpty ? null : Encoding.UTF8.GetString(body), revision, provenAt, isLoaded: true)));
                else if (kind == Value && key.Length > 0)
                    records.Add((key, new StoredRecord(body.ToArray(), revision, provenAt)));
                else
                    return null;
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }

        return records;
    }

    private static void WriteNumber(IBufferWriter<byte> target, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(sizeof(long)), number);
        target.Advance(sizeof(long));
    }

    private static void WriteBytes(IBufferWriter<byte> target, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), bytes.Length);
        target.Advance(sizeof(int));
        target.Write(bytes);
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[sizeof(long)..];
        return number;
    }

    private static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var bytes = rest.Slice(sizeof(int), length);
        rest = rest[(sizeof(int) + length)..];
        return bytes;
    }
}
