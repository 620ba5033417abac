namespace Cache.Core.Memory;

/// <summary>A negative entry: the source does not know the key.</summary>
internal sealed class NotFoundEntry(string key, ulong hash, long expiration) : MemoryEntry(key, hash, content: null, revision: null, expiration, expiration);
