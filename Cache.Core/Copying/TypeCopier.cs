using System.Buffers;
using Cache.Core.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Copying;

/// <summary>Copies by a type's serializer, one for all entries of the type: the first copy of an entry leaves what was written with the entry.</summary>
internal sealed partial class TypeCopier<T>(IHybridCacheSerializer<T> serializer, ILogger logger) : Copier<T>
{
    private const int LikelyLength = 1024;
    private int _failures;

    public override bool TryCopy(MemoryEntry<T> entry, out T copy)
    {
        if (entry.Value is null)
        {
            copy = default!;
            return true;
        }

        if (!TryWrite(entry.Value, out var written))
        {
            copy = default!;
            return false;
        }

        // Two at once write the same twice.
        var copier = new WrittenCopier<T>(this, written);
        if (entry is DetailedEntry<T> detailed)
            detailed.KeptCopier = copier;
        return copier.TryCopy(entry, out copy);
    }

    /// <summary>A copy of a value that is in no entry.</summary>
    public bool TryCopy(T value, out T copy)
    {
        copy = value;
        return value is null || (TryWrite(value, out var written) && TryRead(written, out copy));
    }

    public bool TryRead(byte[] written, out T value)
    {
        try
        {
            value = serializer.Deserialize(new ReadOnlySequence<byte>(written));
            return true;
        }
        catch (Exception exception)
        {
            Failed("read", exception);
            value = default!;
            return false;
        }
    }

    private bool TryWrite(T value, out byte[] written)
    {
        try
        {
            var buffer = new ArrayBufferWriter<byte>(LikelyLength);
            serializer.Serialize(value, buffer);
            written = buffer.WrittenSpan.ToArray();
            return true;
        }
        catch (Exception exception)
        {
            // Whatever the application's serializer throws: an object graph that goes round, a type it does not know.
            Failed("write", exception);
            written = [];
            return false;
        }
    }

    private void Failed(string what, Exception exception)
    {
        // Once per type: what a serializer cannot do it will not do the next time either.
        if (Interlocked.Increment(ref _failures) == 1)
            LogFailed(logger, typeof(T), what, exception.GetType().Name);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The serializer of {Type} cannot {What} a value ({Cause}), so there are no copies of it: such values are given to the caller whose factory made them, and are not cached. Register a serializer that can, or say that the type is immutable (TieredCacheOptions.IsImmutable)")]
    private static partial void LogFailed(ILogger logger, Type type, string what, string cause);
}
