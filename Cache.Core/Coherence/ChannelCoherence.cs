using System.Collections.Immutable;
using System.Text;
using Cache.Core.Coherence.Channels;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Coherence;

/// <summary>
/// Coherence over a channel to every primary: tracking, or pub/sub where that is refused. Comes back by itself after any loss.
/// </summary>
/// <remarks>
/// <code>
///            all primaries open: Proof + 1              every heartbeat: ProvenUntil = oldest of them + lease
///   down ────────────────────────────────────▶ proven ◀──────┐
///    ▲   ProvenUntil = MinValue                  │  └────────┘
///    └───────────────────────────────────────────┘
///      anything goes wrong on any connection: all are closed, the primaries are looked up again
/// </code>
/// An entry filled while the channel was down carries the old number and stays unproven: its changes may have gone untold.
/// </remarks>
internal sealed partial class ChannelCoherence : ICoherence, IChannelListener
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly ValkeyOptions _valkey;
    private readonly CoherenceOptions _options;
    private readonly IPubSub? _announcer;
    private readonly TimeProvider _time;
    private readonly ILogger<ChannelCoherence> _logger;
    private readonly Func<CancellationToken, Task<IReadOnlyCollection<string>>> _findPrimaries;
    private readonly Func<string, string, bool>? _concerns;
    private readonly TrackingProtocol _tracking;
    private readonly PubSubProtocol _pubSub;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly long _leaseTicks;
    private ImmutableArray<ICoherenceListener> _listeners = [];
    private Dictionary<ChannelConnection, long> _renewed = [];
    private TaskCompletionSource _reset = new();
    private volatile IChannelProtocol _protocol;
    private volatile bool _decided;
    private Task? _running;

    /// <summary>Creates it; <see cref="Start"/> opens the channel.</summary>
    /// <param name="valkey">Where the servers are and how to sign in; read once.</param>
    /// <param name="options">The channel and its lease.</param>
    /// <param name="prefixes">The keys to hear of.</param>
    /// <param name="announcer">Carries announcements where the servers do not tell by themselves.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears which channel is used, and of its losses.</param>
    /// <param name="findPrimaries">Names the servers to listen to, as host:port, asked again after every failure; by the options when null.</param>
    /// <param name="concerns">Whether what a server tells of a key matters here; all of it when null.</param>
    public ChannelCoherence(
        ValkeyOptions valkey,
        CoherenceOptions options,
        IReadOnlyCollection<string> prefixes,
        IPubSub? announcer,
        TimeProvider time,
        ILogger<ChannelCoherence> logger,
        Func<CancellationToken, Task<IReadOnlyCollection<string>>>? findPrimaries = null,
        Func<string, string, bool>? concerns = null)
    {
        options.Validate();
        _valkey = valkey;
        _options = options;
        _announcer = announcer;
        _time = time;
        _logger = logger;
        _concerns = concerns;
        _findPrimaries = findPrimaries ?? new PrimaryFinder(valkey).FindAsync;
        _tracking = new TrackingProtocol(valkey, prefixes);
        _pubSub = new PubSubProtocol(valkey, prefixes);
        _protocol = options.Mode == CoherenceMode.PubSub ? _pubSub : _tracking;
        _leaseTicks = (long)(options.Lease.TotalSeconds * time.TimestampFrequency);
    }

    /// <inheritdoc/>
    public CoherenceProof State { get; } = new() { ProvenUntil = long.MinValue };

    /// <inheritdoc/>
    public long ProvenUntil => State.ProvenUntil;

    /// <inheritdoc/>
    public int Proof => State.Number;

    /// <inheritdoc/>
    public TimeSpan Lease => _options.Lease;

    /// <summary>Opens the channel in the background and keeps it open. Once; later calls do nothing.</summary>
    public void Start()
    {
        lock (_gate)
            _running ??= Task.Run(() => KeepAsync(_stop.Token));
    }

    /// <summary>Keys are on other servers than before: nothing is proven until all that there are now have been found and are heard.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            (_renewed, State.ProvenUntil) = ([], long.MinValue);
            _reset.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public void Subscribe(ICoherenceListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);
    }

    /// <inheritdoc/>
    public void Unsubscribe(ICoherenceListener listener) =>
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Remove(one), listener);

    /// <inheritdoc/>
    /// <remarks>Until it is known which channel the servers allow, it announces: others may be on pub/sub already.</remarks>
    /// <exception cref="ArgumentException">The key is longer than others would listen to.</exception>
    public async ValueTask AnnounceAsync(string valueKey, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(valueKey);
        if (_announcer is null || (ReferenceEquals(_protocol, _tracking) && (_decided || _options.Mode == CoherenceMode.Tracking)))
            return;
        var message = Encoding.UTF8.GetBytes(valueKey);
        if (message.Length > PubSubProtocol.LongestKey)
            throw new ArgumentException($"The key is {message.Length} bytes long; {PubSubProtocol.LongestKey} can be announced.", nameof(valueKey));
        foreach (var channel in _pubSub.ChannelsOf(valueKey))
        {
            try
            {
                await _announcer.PublishAsync(channel, message, cancellationToken).ConfigureAwait(false);
            }
            catch (CacheUnavailableException exception)
            {
                // Nobody else is told now; their leases bound how long they believe the old value.
                LogAnnounceFailed(exception.Message);
            }
        }
    }

    /// <summary>Closes the channel, within a bound.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
            running = _running ??= Task.CompletedTask;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(running, Task.Delay(CloseLimit)).ConfigureAwait(false);
        _stop.Dispose();
    }

    void IChannelListener.Changed(string valueKey)
    {
        CoherenceMetrics.Shared.Pushed(1);
        foreach (var listener in _listeners)
            listener.OnChanged(valueKey);
    }

    void IChannelListener.Flushed()
    {
        CoherenceMetrics.Shared.Pushed(1);
        foreach (var listener in _listeners)
            listener.OnFlushed();
    }

    void IChannelListener.Renewed(ChannelConnection connection, long sentAt)
    {
        lock (_gate)
        {
            // A connection of an ended session may still be speaking.
            if (!_renewed.ContainsKey(connection))
                return;
            _renewed[connection] = sentAt;
            State.ProvenUntil = _renewed.Values.Min() + _leaseTicks;
        }
    }

    private async Task KeepAsync(CancellationToken stop)
    {
        var backOff = new BackOff();
        var told = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAndListenAsync(
                    () =>
                    {
                        backOff.Reset();
                        told = false;
                    },
                    stop).ConfigureAwait(false);
            }
            catch (ChannelRefusedException refusal) when (_options.Mode == CoherenceMode.Auto && ReferenceEquals(_protocol, _tracking))
            {
                LogTrackingRefused(refusal.Message);
                _protocol = _pubSub;
                continue;
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                if (!told)
                    LogDown(exception is ChannelRefusedException ? exception.Message : exception.GetType().Name);
                told = true;
            }

            await Task.Delay(backOff.Next(), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One session: all primaries open, proven for as long as all of them answer.</summary>
    private async Task ConnectAndListenAsync(Action established, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reset = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _reset = reset;
        var primaries = await FindAsync(stop).ConfigureAwait(false);
        var began = _time.GetTimestamp();
        var protocol = _protocol;
        var opening = primaries.Select(address => ChannelConnection.OpenAsync(address, primaries, protocol, _valkey, _time, end.Token)).ToList();
        try
        {
            var opened = Task.WhenAll(opening);
            await Task.WhenAny(opened, reset.Task).ConfigureAwait(false);
            if (reset.Task.IsCompleted)
                return;
            var connections = await opened.ConfigureAwait(false);

            // Whatever is changed from here on is told. What was read before may have changed untold, so the number goes up,
            // and only then the time: see ICoherence.
            _decided = true;
            lock (_gate)
            {
                if (reset.Task.IsCompleted)
                    return;
                _renewed = connections.ToDictionary(connection => connection, _ => began);
                if (!Mutant.NoFlush)
                    State.Raise();
                State.ProvenUntil = began + _leaseTicks;
            }

            established();
            CoherenceMetrics.Shared.Established();
            LogEstablished(protocol.Name, primaries.Count, _options.Lease.TotalSeconds);
            var running = connections.Zip(primaries, (connection, address) => connection.RunAsync(Listener(protocol, address), _options.Lease / 3, _options.Lease * 2, end.Token)).ToList();
            try
            {
                await (await Task.WhenAny([.. running, reset.Task]).ConfigureAwait(false)).ConfigureAwait(false);
            }
            finally
            {
                Lose();
                await end.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll((IEnumerable<Task>)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var one in opening.Where(one => one.IsCompletedSuccessfully))
                await one.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IChannelListener Listener(IChannelProtocol protocol, string address) =>
        _concerns is { } concerns && ReferenceEquals(protocol, _tracking) ? new ConcernedListener(this, address, concerns) : this;

    private async Task<IReadOnlyCollection<string>> FindAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_valkey.DialTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        return await _findPrimaries(either.Token).ConfigureAwait(false);
    }

    private void Lose()
    {
        lock (_gate)
        {
            _renewed = [];
            State.ProvenUntil = long.MinValue;
        }

        CoherenceMetrics.Shared.Lost();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Coherence by {Channel} is in force over {Primaries} primaries; its lease is {Seconds} s")]
    private partial void LogEstablished(string channel, int primaries, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no coherence channel ({Cause}); L1 is unproven until there is one")]
    private partial void LogDown(string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server refuses tracking: {Refusal} Changes are announced by pub/sub from now on; those made by other programs go untold")]
    private partial void LogTrackingRefused(string refusal);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A change could not be announced: {Cause}")]
    private partial void LogAnnounceFailed(string cause);
}
