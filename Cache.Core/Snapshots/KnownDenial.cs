using System.Buffers;
using System.Text;
using Cache.Core.Formats;

namespace Cache.Core.Snapshots;

/// <summary>The source refuses access to the key.</summary>
internal sealed class KnownDenial(string? status, long? revision, DateTimeOffset provenAt, bool isLoaded = false) : KnownRecord(revision, provenAt)
{
    public string? Status { get; } = status;

    public override bool IsLoaded => isLoaded;

    public override bool IsDenial => true;

    public override void Write(string key, IValueFormat format, IBufferWriter<byte> target) => target.Write(Encoding.UTF8.GetBytes(Status ?? string.Empty));

    public override bool TryRead<T>(string key, IValueFormat format, out T value)
    {
        value = default!;
        return false;
    }
}
