using System.Diagnostics.CodeAnalysis;
using Cache.Core.Shared;

namespace Cache.Core.Loading;

/// <summary>What the loads of the keys of one call have in common: they read L2 together, and ask the source together.</summary>
internal interface IManyLoad<T>
{
    /// <summary>A load of the key begins: the source is not asked for the others until it wants it too, or passes.</summary>
    void Start(string key);

    /// <summary>Reads L2 together with the others; false when they have read already.</summary>
    bool TryRead(string key, string? owner, [NotNullWhen(true)] out Task<SharedRead<T>>? read);

    /// <summary>The key needs nothing of the source, at least not now: the others need not wait for it. Again is harmless.</summary>
    void Pass(string key);

    /// <summary>The key is served stale, and needs a refresh behind it.</summary>
    void Refresh(string key);
}
