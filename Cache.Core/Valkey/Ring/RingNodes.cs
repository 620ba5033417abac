using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Ring;

/// <summary>The nodes of the ring and which of them a key is on now.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class RingNodes : IAsyncDisposable
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);
    private readonly RingPlacement _placement;
    private readonly RingWatch _watch;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task> _running;
    private RingView _view;

    public RingNodes(ValkeyOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        Options = options;
        Time = time;
        _placement = new RingPlacement([.. options.Addresses.Select(address => new RingNode(address, options.Weights.GetValueOrDefault(address, 1)))]);
        Members = [.. options.Addresses.Select((address, number) => new RingMember(number, address, options, loggers, time))];
        _watch = new RingWatch(Members, options.Ring, time, loggers.CreateLogger<RingWatch>());
        _view = _watch.View;
        _running = new Lazy<Task>(() => Task.Run(() => _watch.RunAsync(Publish, () => _decided.TrySetResult(), _stop.Token)));
    }

    /// <summary>Other nodes are used than before. Told before anything is asked of them.</summary>
    public event Action? Changed;

    public ValkeyOptions Options { get; }

    public TimeProvider Time { get; }

    public IReadOnlyList<RingMember> Members { get; }

    public RingView View => Volatile.Read(ref _view);

    /// <summary>The nodes that are used.</summary>
    public IEnumerable<RingMember> Used => Of(View.In);

    /// <summary>Connects to all of them and begins to watch them. Once; later calls do nothing.</summary>
    public void Open()
    {
        if (_running.IsValueCreated)
            return;
        foreach (var member in Members)
            member.Connection.Open();
        _ = _running.Value;
    }

    /// <summary>Returns when each node has been asked once, or when that takes too long.</summary>
    public Task DecidedAsync(CancellationToken cancellationToken)
    {
        Open();
        return _decided.Task.WaitAsync(Options.Ring.FirstWait, Time, cancellationToken);
    }

    /// <summary>The members of a set.</summary>
    public IEnumerable<RingMember> Of(ulong set) => Members.Where(member => (set & member.Bit) != 0);

    /// <summary>The node that has the key; null while none is used for it.</summary>
    public RingMember? Find(string key)
    {
        var view = View;
        var number = _placement.Find(key, view.Placed);
        return number >= 0 && (view.In & (1UL << number)) != 0 ? Members[number] : null;
    }

    /// <summary>Whether a key's changes on a node concern who reads it.</summary>
    public bool Concerns(string key, string address) => Find(key) is not { } member || member.Address == address;

    /// <summary>The node that has the key; waited for only until the nodes have been asked for the first time.</summary>
    /// <exception cref="CacheUnavailableException">None is used for it.</exception>
    public ValueTask<RingMember> FindAsync(string key, CancellationToken cancellationToken) =>
        Find(key) is { } member ? new ValueTask<RingMember>(member) : FindFirstAsync(key, cancellationToken);

    /// <summary>The addresses of the nodes that are used.</summary>
    /// <exception cref="CacheUnavailableException">There are none.</exception>
    public async Task<IReadOnlyCollection<string>> UsedAsync(CancellationToken cancellationToken)
    {
        await FirstAsync(cancellationToken).ConfigureAwait(false);
        return Used.Select(member => member.Address).ToArray() is { Length: > 0 } used ? used : throw new CacheUnavailableException("No node of the ring answers.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_running.IsValueCreated)
            await Task.WhenAny(_running.Value, Task.Delay(CloseLimit)).ConfigureAwait(false);
        await Task.WhenAll(Members.Select(member => member.DisposeAsync().AsTask())).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async ValueTask<RingMember> FindFirstAsync(string key, CancellationToken cancellationToken)
    {
        await FirstAsync(cancellationToken).ConfigureAwait(false);
        return Find(key) ?? throw new CacheUnavailableException("The node of the ring that has the key does not answer.");
    }

    private async Task FirstAsync(CancellationToken cancellationToken)
    {
        await DecidedAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Publish(RingView view)
    {
        var before = Interlocked.Exchange(ref _view, view);
        if (before.In != view.In || before.Placed != view.Placed)
            Changed?.Invoke();
    }
}
