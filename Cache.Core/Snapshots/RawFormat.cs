using System.Buffers;
using Cache.Core.Formats;
using Cache.Core.Tagging;

namespace Cache.Core.Snapshots;

/// <summary>Bytes and nothing else: what the snapshot is before it is sealed.</summary>
internal sealed class RawFormat : IValueFormat
{
    public bool TakesTags => false;

    public void Write<T>(string key, T value, IReadOnlyList<TagStamp> tags, IBufferWriter<byte> target) => target.Write(((ReadOnlyMemory<byte>)(object)value!).Span);

    public Decoded<T> Read<T>(string key, ReadOnlyMemory<byte> stored) => Decoded<T>.Readable((T)(object)stored);
}
