using Cache.Core.Memory;

namespace Cache.Core.Copying;

/// <summary>Gives callers that may change what they get a value of their own.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal abstract class Copier<T>
{
    /// <summary>A copy of an entry's value; false when the type's serializer cannot write it or read it again.</summary>
    public abstract bool TryCopy(MemoryEntry<T> entry, out T copy);
}
