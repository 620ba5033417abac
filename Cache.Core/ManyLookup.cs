using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Cache.Core;

/// <summary>One key's part of the answer to a look-up of many: its own answer, or why there is none.</summary>
/// <remarks>A key fails by itself: its fetch threw, or took too long, and nothing stale was at hand. The other keys' answers stand.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly struct ManyLookup<T>
{
    private readonly CacheLookup<T> _lookup;

    internal ManyLookup(string key, CacheLookup<T> lookup)
    {
        Key = key;
        _lookup = lookup;
    }

    internal ManyLookup(string key, Exception failure)
    {
        Key = key;
        Failure = failure;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>What a look-up of this key alone would have thrown; null when there is an answer.</summary>
    public Exception? Failure { get; }

    /// <summary>Whether there is no answer.</summary>
    [MemberNotNullWhen(true, nameof(Failure))]
    public bool IsFailed => Failure is not null;

    /// <summary>The answer, as a look-up of this key alone returns it.</summary>
    /// <remarks>Of a key that has failed it throws the failure, so that none is mistaken for a key that is not there.</remarks>
    public CacheLookup<T> Lookup
    {
        get
        {
            if (Failure is not null)
                ExceptionDispatchInfo.Throw(Failure);
            return _lookup;
        }
    }

    /// <summary>The value when found; the type's default where there is none, or the key has failed.</summary>
    public T? ValueOrDefault => _lookup.Value;
}
