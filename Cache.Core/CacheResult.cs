using System.Diagnostics.CodeAnalysis;

namespace Cache.Core;

/// <summary>What reading a cache found: a hit with its value, or a miss.</summary>
public readonly struct CacheResult<T>
{
    private CacheResult(T value)
    {
        IsHit = true;
        Value = value;
    }

    /// <summary>A miss.</summary>
    public static CacheResult<T> Miss => default;

    /// <summary>Whether a value was found.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsHit { get; }

    /// <summary>The value of a hit.</summary>
    public T? Value { get; }

    /// <summary>A hit.</summary>
    public static CacheResult<T> Hit(T value) => new(value);
}
