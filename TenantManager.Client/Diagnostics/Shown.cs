using System.Collections.Concurrent;

namespace TenantManager.Client.Diagnostics;

/// <summary>Values that an observable instrument reads when it is asked, each for as long as its owner keeps it.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Shown<T>
    where T : struct
{
    private readonly ConcurrentDictionary<Entry, Func<T?>> _all = new();

    /// <summary>Those that are there now; null is left out.</summary>
    public IEnumerable<T> Now => _all.Values.Select(static read => read()).OfType<T>();

    /// <summary>Shows a value until what is returned is disposed.</summary>
    public IDisposable Add(Func<T?> read)
    {
        var entry = new Entry(this);
        _all[entry] = read;
        return entry;
    }

    private sealed class Entry(Shown<T> owner) : IDisposable
    {
        public void Dispose() => owner._all.TryRemove(this, out _);
    }
}
