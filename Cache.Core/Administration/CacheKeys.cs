using Cache.Core.Fencing;

namespace Cache.Core.Administration;

/// <summary>Tells keys of the cache's own from those of values.</summary>
public static class CacheKeys
{
    /// <summary>
    /// Whether a key of Valkey holds a value's fence or lease: what refuses a fetch that was overtaken, and the tombstones of denials;
    /// or what a ring's nodes keep about each other.
    /// It is deleted by nobody: it goes by itself.
    /// </summary>
    public static bool IsGuard(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return FenceKeys.IsOne(key);
    }
}
