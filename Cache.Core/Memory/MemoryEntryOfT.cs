using System.Runtime.CompilerServices;
using Cache.Core.Copying;

namespace Cache.Core.Memory;

/// <summary>A value. Typed, so that a hit of a reference type is told by the entry's own type and not by the value's, which it need not touch.</summary>
internal class MemoryEntry<T>(string key, ulong hash, T value, long? revision, long softExpiration, long hardExpiration)
    : MemoryEntry(key, hash, value, revision, softExpiration, hardExpiration)
{
    /// <summary>The object that every hit returns, but for hits through HybridCache where there is a copier.</summary>
    public T Value
    {
        get
        {
            if (typeof(T).IsValueType)
                return (T)Content!;
            var content = Content;

            // No cast: the constructor took a T, and the field is read-only.
            return Unsafe.As<object?, T>(ref content);
        }
    }

    /// <summary>Makes the copies that callers of HybridCache get; null: the value is theirs too, since nobody can change it.</summary>
    public Copier<T>? Copier => this is DetailedEntry<T> detailed ? detailed.KeptCopier : null;
}
