using Cache.Core.Diagnostics;

namespace Cache.Core.Loading;

/// <summary>
/// A load of a key, as far as it matters to what its source asks in its turn: a source that asks for its own key, or for one whose
/// source waits for this one, would wait for ever.
/// </summary>
/// <remarks>
/// The load whose source is running goes with the flow of the call (<see cref="Current"/>), so what a source starts and does not
/// wait for counts as well, for as long as that source runs. Looking and noting are under one lock, which only sources that ask a cache ever take.
/// </remarks>
internal class Asking(object cache, string key, bool keepsNothing)
{
    private static readonly AsyncLocal<Asking?> Flow = new();
    private static readonly Lock Gate = new();
    private readonly Asking? _within = Current;
    private List<Asking>? _awaited;
    private volatile bool _isRunning;

    /// <summary>The load whose source is running in this flow; null outside of sources.</summary>
    public static Asking? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>The load's source runs from now on, in this flow; disposing the result ends it.</summary>
    public Run Begin()
    {
        Current = this;
        _isRunning = true;
        return new Run(this);
    }

    /// <summary>Throws if a source that runs around this one is the same key's: it would go round for ever.</summary>
    /// <exception cref="InvalidOperationException">It is.</exception>
    public void ThrowIfRepeated()
    {
        for (var outer = _within; outer is { _isRunning: true }; outer = outer._within)
        {
            // A call that keeps nothing and one that does know nothing of each other, and may ask different sources.
            if (outer.IsOf(cache, key, keepsNothing))
                throw Circle(key);
        }
    }

    /// <summary>Notes that the source that is running in this flow waits for this load. Without one there is nothing to note.</summary>
    /// <exception cref="InvalidOperationException">This load waits for that source, over however many others.</exception>
    public Wait Await() => AwaitedBy(Current);

    /// <summary>As <see cref="Await"/>, for a source that runs in another flow.</summary>
    public Wait AwaitedBy(Asking? source)
    {
        if (source is not { _isRunning: true } waiting)
            return default;
        lock (Gate)
        {
            if (Reaches(this, waiting))
                throw Circle(key);
            (waiting._awaited ??= []).Add(this);
        }

        return new Wait(waiting, this);
    }

    protected virtual bool IsOf(object otherCache, string otherKey, bool otherKeepsNothing) =>
        ReferenceEquals(cache, otherCache) && keepsNothing == otherKeepsNothing && string.Equals(key, otherKey, StringComparison.Ordinal);

    private static bool Reaches(Asking from, Asking to) =>
        ReferenceEquals(from, to) || (from._awaited is { } awaited && awaited.Exists(next => Reaches(next, to)));

    private static InvalidOperationException Circle(string key) => new(
        $"The source of a key '{CacheTracing.Pattern(key)}' asks the cache for that key again, itself or by another key whose source waits for it: it would wait for ever. " +
        "Ask for it outside of the source, or ask the source itself.");

    /// <summary>A run of a load's source.</summary>
    internal readonly struct Run(Asking asking) : IDisposable
    {
        public void Dispose()
        {
            if (asking is not null)
                asking._isRunning = false;
        }
    }

    /// <summary>A source's wait for a load; disposing it ends it.</summary>
    internal readonly struct Wait(Asking waiting, Asking awaited) : IDisposable
    {
        public bool IsNoted => waiting is not null;

        public void Dispose()
        {
            if (waiting is null)
                return;
            lock (Gate)
                waiting._awaited!.Remove(awaited);
        }
    }
}
