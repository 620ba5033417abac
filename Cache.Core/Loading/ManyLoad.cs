using System.Diagnostics.CodeAnalysis;
using Cache.Core.Shared;
using Cache.Core.Tiered;

namespace Cache.Core.Loading;

/// <summary>The loads of one call's keys. Each goes the way of a load by itself (flight, lease, fence); two steps of it they take together.</summary>
/// <remarks>
/// <code>
///   start ─▶ read L2, once all have started ─▶ found, or waiting for another's fetch ─▶ pass
///                                           └▶ want the source ─▶ one call, once nobody else may still want it
/// </code>
/// <para>Nobody waits here for a key that another call fetches: it has passed. So two calls that hold each other's keys ask their sources for
/// what each has, and then have each other's answers, in whatever order they came to them. Who wants the source later (a lease waited for in
/// vain, an answer that something has overtaken) asks together with those who want it in the same moment.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
internal sealed class ManyLoad<TState, T>(
    object cache, SharedTier? l2, EntryPlan plan, TState state, Func<TState, ManyFetch<T>, CancellationToken, ValueTask> fetch, IReadOnlySet<string>? away = null) : IManyLoad<T>
{
    private readonly Lock _gate = new();
    private readonly List<(string Key, string? Owner, TaskCompletionSource<SharedRead<T>> Read)> _reads = [];
    private readonly HashSet<string> _undecided = new(StringComparer.Ordinal);
    private List<ManyWant<T>> _wants = [];
    private List<string>? _stale;
    private int _places;
    private bool _hasBegun;
    private bool _isGathering;

    /// <summary>Keys that are served stale; null when none is.</summary>
    public IReadOnlyList<string>? Stale => _stale;

    /// <summary>The load of one of the keys.</summary>
    public Load<(ManyLoad<TState, T> Many, string Key, int Place), T> Of(string key) =>
        new(key, (this, key, _places++), static (at, stop) => at.Many.FetchAsync(at.Key, at.Place, stop), plan) { Many = this };

    /// <summary>Another one, for a refresh of some of the keys.</summary>
    public ManyLoad<TState, T> Anew() => new(cache, l2, plan, state, fetch);

    public void Start(string key)
    {
        lock (_gate)
            _undecided.Add(key);
    }

    public bool TryRead(string key, string? owner, [NotNullWhen(true)] out Task<SharedRead<T>>? read)
    {
        read = null;
        lock (_gate)
        {
            if (_hasBegun || l2 is null)
                return false;
            if (away?.Contains(key) == true)
            {
                read = Task.FromResult(SharedRead<T>.Away);
                return true;
            }

            // Goes on where the answers are taken: whoever is last of them asks the source.
            var together = new TaskCompletionSource<SharedRead<T>>();
            _reads.Add((key, owner, together));
            read = together.Task;
            return true;
        }
    }

    public void Pass(string key)
    {
        List<ManyWant<T>>? ready;
        lock (_gate)
            ready = _undecided.Remove(key) ? TakeReady() : null;
        Ask(ready);
    }

    public void Refresh(string key) => (_stale ??= []).Add(key);

    /// <summary>All loads have started.</summary>
    public void Begin()
    {
        List<ManyWant<T>>? ready;
        lock (_gate)
        {
            _hasBegun = true;
            ready = TakeReady();
        }

        Ask(ready);
        if (_reads.Count > 0)
            _ = ReadAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            var found = await l2!.ReadManyAsync<T>([.. _reads.Select(static read => (read.Key, read.Owner))], plan, CancellationToken.None).ConfigureAwait(false);
            for (var n = 0; n < found.Length; n++)
                _reads[n].Read.TrySetResult(found[n]);
        }
        catch (Exception exception)
        {
            foreach (var (_, _, read) in _reads)
                read.TrySetException(exception);
        }
    }

    private async ValueTask<FetchResult<T>> FetchAsync(string key, int place, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Pass(key);
            cancellationToken.ThrowIfCancellationRequested();
        }

        var want = new ManyWant<T>(key, place, Asking.Current);
        List<ManyWant<T>>? ready = null;
        lock (_gate)
        {
            _wants.Add(want);
            if (_undecided.Remove(key))
            {
                ready = TakeReady();
            }
            else if (!_isGathering)
            {
                _isGathering = true;
                _ = Task.Run(AskLate, CancellationToken.None);
            }
        }

        Ask(ready);
        using var leaving = cancellationToken.UnsafeRegister(static want => ((ManyWant<T>)want!).Leave(), want);
        return await want.AnswerAsync().ConfigureAwait(false);
    }

    private void AskLate()
    {
        List<ManyWant<T>> late;
        lock (_gate)
        {
            _isGathering = false;
            (late, _wants) = (_wants, []);
        }

        Ask(late);
    }

    /// <summary>Those who want the source, once nobody else may still want it; null before.</summary>
    private List<ManyWant<T>>? TakeReady()
    {
        if (!_hasBegun || _undecided.Count > 0)
            return null;
        (var ready, _wants) = (_wants, []);
        return ready;
    }

    private void Ask(List<ManyWant<T>>? wants)
    {
        if (wants is { Count: > 0 })
            _ = AskAsync(wants);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the source throws is its keys' failure.")]
    private async Task AskAsync(List<ManyWant<T>> wants)
    {
        // In the order in which the caller has named them, whoever came first.
        wants.Sort(static (one, other) => one.Place.CompareTo(other.Place));
        var keys = wants.ConvertAll(static want => want.Key);
        var many = new ManyFetch<T>(keys);
        var leavers = new ManyLeavers(wants.Count);
        foreach (var want in wants)
            want.Join(leavers, many.AnswerOf(want.Key));
        var waits = new List<Asking.Wait>();
        try
        {
            // Refreshes in the background are nobody's to wait for, here as by themselves.
            var asking = wants.Exists(static want => want.Asking is not null) ? new ManyAsking(cache, keys, plan.KeepsNothing) : null;
            if (asking is not null)
                waits.AddRange(wants.Select(want => asking.AwaitedBy(want.Asking)));
            using var run = asking?.Begin() ?? default;
            await fetch(state, many, leavers.Cancellation).ConfigureAwait(false);
            many.End();
        }
        catch (Exception exception)
        {
            many.End(exception);
        }
        finally
        {
            foreach (var wait in waits)
                wait.Dispose();
        }
    }
}
