using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Distributed;

/// <summary>What a distributed entry looks like within the envelope: what was promised of its life, then its bytes as they are.</summary>
/// <remarks>
/// Layout, numbers little-endian: sliding window in ticks (8 bytes, 0 without), end in ticks of UTC (8 bytes, 0 without), length of the
/// generation (1 byte) and the generation in ASCII; then the value.
/// </remarks>
internal sealed class DistributedEntrySerializer : IHybridCacheSerializer<DistributedEntry>
{
    private const int HeadLength = (2 * sizeof(long)) + 1;

    public DistributedEntry Deserialize(ReadOnlySequence<byte> source)
    {
        ReadOnlySpan<byte> bytes = source.IsSingleSegment ? source.FirstSpan : source.ToArray();
        var sliding = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var absolute = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]);
        var length = bytes[HeadLength - 1];
        if (sliding < 0 || absolute < 0)
            throw new InvalidDataException("A distributed entry's life is below zero.");
        var generation = Encoding.ASCII.GetString(bytes.Slice(HeadLength, length));
        return new DistributedEntry(
            bytes[(HeadLength + length)..].ToArray(),
            sliding == 0 ? null : SlidingWindow.Of(TimeSpan.FromTicks(sliding)),
            absolute == 0 ? null : new DateTimeOffset(absolute, TimeSpan.Zero),
            length == 0 ? null : generation);
    }

    public void Serialize(DistributedEntry value, IBufferWriter<byte> target)
    {
        var generation = value.Generation ?? string.Empty;
        var head = target.GetSpan(HeadLength + generation.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head, value.Sliding?.Ticks ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(head[sizeof(long)..], value.Absolute?.UtcTicks ?? 0);
        head[HeadLength - 1] = checked((byte)generation.Length);
        Encoding.ASCII.GetBytes(generation, head[HeadLength..]);
        target.Advance(HeadLength + generation.Length);
        target.Write(value.Payload);
    }
}
