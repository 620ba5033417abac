using System.Buffers;
using Cache.Core.Formats;

namespace Cache.Core.Snapshots;

/// <summary>A value out of the file: bytes until somebody asks for it.</summary>
internal sealed class StoredRecord(byte[] bytes, long? revision, DateTimeOffset provenAt) : KnownRecord(revision, provenAt)
{
    private object? _read;

    public override bool IsLoaded => true;

    public override void Write(string key, IValueFormat format, IBufferWriter<byte> target) => target.Write(bytes);

    public override bool TryRead<T>(string key, IValueFormat format, out T value)
    {
        if (Volatile.Read(ref _read) is T present)
        {
            value = present;
            return true;
        }

        var decoded = format.Read<T>(key, bytes);
        value = decoded.Value!;
        if (decoded.Fault is not null || value is null)
            return false;
        Volatile.Write(ref _read, value);
        return true;
    }
}
