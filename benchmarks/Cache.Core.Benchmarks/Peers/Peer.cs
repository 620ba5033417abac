namespace Cache.Core.Benchmarks.Peers;

/// <summary>A cache of this process, called as its users call it: by its asynchronous methods, where it has any.</summary>
/// <remarks>Takes its keys by the batch, so that what is measured holds no virtual call of ours.</remarks>
internal abstract class Peer(string name) : IDisposable
{
    protected static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>How it is called in the results.</summary>
    public string Name => name;

    /// <summary>Stores an item under each key.</summary>
    public abstract Task SetAsync(ArraySegment<string> keys, Item[] items);

    /// <summary>Looks up keys that it holds.</summary>
    public abstract void Hit(ReadOnlySpan<string> keys);

    /// <summary>Looks up keys that it does not hold; the source answers at once.</summary>
    public abstract Task MissAsync(ArraySegment<string> keys);

    /// <summary>Removes keys.</summary>
    public abstract Task RemoveAsync(ArraySegment<string> keys);

    public virtual void Dispose()
    {
    }

    protected static void Expect(bool isHit)
    {
        if (!isHit)
            throw new InvalidOperationException("Not a hit.");
    }
}
