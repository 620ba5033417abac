using Cache.Core.Memory;

namespace Cache.Core.Copying;

/// <summary>Copies one entry from its value as it was written once.</summary>
internal sealed class WrittenCopier<T>(TypeCopier<T> type, byte[] written) : Copier<T>
{
    public override bool TryCopy(MemoryEntry<T> entry, out T copy) => type.TryRead(written, out copy);
}
