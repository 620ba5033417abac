namespace Cache.Core.Loading;

/// <summary>A call of the source for several keys, as far as it matters to what it asks in its turn: it is the source of each of them.</summary>
internal sealed class ManyAsking(object cache, IReadOnlyList<string> keys, bool keepsNothing) : Asking(cache, keys[0], keepsNothing)
{
    private readonly object _cache = cache;
    private readonly bool _keepsNothing = keepsNothing;

    protected override bool IsOf(object otherCache, string otherKey, bool otherKeepsNothing) =>
        ReferenceEquals(_cache, otherCache) && _keepsNothing == otherKeepsNothing && keys.Contains(otherKey, StringComparer.Ordinal);
}
