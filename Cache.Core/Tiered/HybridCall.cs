using Cache.Core.Copying;

namespace Cache.Core.Tiered;

/// <summary>A call of HybridCache for a type whose values are copied: keeps what its factory makes apart from what is cached.</summary>
internal sealed class HybridCall<TState, T>(TState state, Func<TState, CancellationToken, ValueTask<T>> factory, TypeCopier<T> copier)
{
    private T? _made;
    private volatile bool _isMade;

    /// <summary>Runs the factory. Cached is a copy, which nobody outside can change; what cannot be copied is not cached.</summary>
    public async ValueTask<FetchResult<T>> FetchAsync(CancellationToken cancellationToken)
    {
        var made = await factory(state, cancellationToken).ConfigureAwait(false);
        if (copier.TryCopy(made, out var kept))
            return FetchResult<T>.Found(kept);
        _made = made;
        _isMade = true;
        return FetchResult<T>.Uncached(made);
    }

    /// <summary>What this call's own factory has made and nobody can copy: it belongs to this call's caller alone.</summary>
    public bool TryTake(out T made)
    {
        made = _made!;
        return _isMade;
    }
}
