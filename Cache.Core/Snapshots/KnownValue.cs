using System.Buffers;
using Cache.Core.Formats;
using Cache.Core.Loading;
using Cache.Core.Tiered;

namespace Cache.Core.Snapshots;

/// <summary>A value that this process has seen.</summary>
internal sealed class KnownValue<TValue>(TValue value, long? revision, DateTimeOffset provenAt) : KnownRecord(revision, provenAt)
{
    public override void Write(string key, IValueFormat format, IBufferWriter<byte> target) => format.Write(key, value, [], target);

    public override bool TryRead<T>(string key, IValueFormat format, out T read)
    {
        read = value is T asked ? asked : default!;
        return value is T;
    }

    public override Task LookAgainAsync(string key, Loader loader, EntryPlan plan, CancellationToken cancellationToken) =>
        loader.TryGetAsync<TValue>(key, plan, isStaleTaken: false, cancellationToken);
}
