using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>A place to connect to, the target behind it, and what is wrong in between. Safe for concurrent use.</summary>
internal sealed partial class Link : IDisposable
{
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);
    private readonly LinkDefinition _definition;
    private readonly TimeProvider _time;
    private readonly Random _lots;
    private readonly ILogger _logger;
    private readonly LinkListener _listener;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<LinkConnection, Task> _connections = new();
    private volatile ActiveFault _active;
    private ITimer? _healing;
    private Socket? _accepting;
    private bool _isStarted;
    private bool _isStopped;
    private bool _isTargetLost;

    private Link(LinkDefinition definition, LinkListener listener, TimeProvider time, Random lots, ILogger logger)
    {
        _definition = definition;
        _listener = listener;
        _time = time;
        _lots = lots;
        _logger = logger;
        _active = new ActiveFault(Fault.None, lastExisting: 0, time);
    }

    /// <summary>Its name.</summary>
    public string Name => _definition.Name;

    /// <summary>Where it accepts connections.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    /// <summary>Where it forwards them.</summary>
    public HostPort Target => _definition.Target;

    /// <summary>What is wrong now; never null.</summary>
    public ActiveFault ActiveFault => _active;

    /// <summary>What it has done so far.</summary>
    public LinkCounters Counters { get; } = new();

    /// <summary>Connections open now.</summary>
    public int OpenConnections => _connections.Count;

    /// <summary>Whether connections are accepted.</summary>
    public bool IsListening
    {
        get
        {
            lock (_lock)
                return _listener.IsListening;
        }
    }

    /// <summary>Whether it does what it should: listen, unless its fault says otherwise.</summary>
    public bool IsSound => IsListening || _active.Fault.RefusesAll;

    /// <summary>Takes the link's address.</summary>
    /// <exception cref="LinkConfigurationException">It cannot be had.</exception>
    public static Link Bind(LinkDefinition definition, TimeProvider time, ILogger logger, Random? lots = null)
    {
        try
        {
            return new Link(definition, LinkListener.Bind(definition.Listen), time, lots ?? Random.Shared, logger);
        }
        catch (SocketException exception)
        {
            throw new LinkConfigurationException(
                $"The link '{definition.Name}' cannot listen on {definition.Listen}: {exception.Message}; choose another address, or port 0 for any free one.", exception);
        }
    }

    /// <summary>Begins to accept connections.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _isStarted = true;
            Listen();
        }

        LogStarted(_logger, Name, EndPoint, Target);
    }

    /// <summary>Sets what is wrong from now on; connections that exist obey before this returns, or at their next byte.</summary>
    /// <returns>The fault as it is now.</returns>
    public ActiveFault Set(Fault fault)
    {
        lock (_lock)
        {
            if (_isStopped)
                return _active;
            Counters.CountFault();
            return Replace(fault);
        }
    }

    /// <summary>Makes it well; does nothing if nothing is wrong.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            if (!_isStopped && _active.Fault.Kind != FaultKind.None)
                Replace(Fault.None);
            else if (!_isStopped)
                Listen();
        }
    }

    /// <summary>
    /// Accepts no more, lets what is on its way arrive, and ends every connection; takes three seconds at most. Connections
    /// that a fault affects, or that do not drain in time, are reset: only so does a sender who is held back hear of it at once.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ActiveFault last;
        lock (_lock)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            last = _active;
            Replace(Fault.None);
        }

        foreach (var connection in _connections.Keys)
        {
            if (last.KindFor(connection.Number, connection.Lot) != FaultKind.None)
                connection.Close(reset: true);
        }

        var begun = _time.GetTimestamp();
        while (!_connections.IsEmpty && _time.GetElapsedTime(begun) < DrainLimit && !cancellationToken.IsCancellationRequested)
        {
            foreach (var connection in _connections.Keys)
                connection.CloseIfQuiet();
            await EndedWithinAsync(DrainInterval);
        }

        foreach (var connection in _connections.Keys)
            connection.Close(reset: true);
        await EndedWithinAsync(CloseLimit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _healing?.Dispose();
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
            connection.Close(reset: false);
    }

    /// <summary>The target answered a connection.</summary>
    public void Reached() => Volatile.Write(ref _isTargetLost, false);

    /// <summary>The target could not be reached; said once, until it is reached again.</summary>
    public void NotReached(Exception exception)
    {
        Counters.CountUnreachable();
        if (!Interlocked.Exchange(ref _isTargetLost, true))
            LogUnreachable(_logger, Name, Target, exception.Message);
    }

    // Under the lock. Order matters: a connection registers itself before it looks at the fault, and here the fault is
    // set before the connections are gone through, so none is overlooked.
    private ActiveFault Replace(Fault fault)
    {
        var previous = _active;
        var next = new ActiveFault(fault, Counters.Accepted, _time);
        _active = next;
        Interlocked.MemoryBarrier();
        _healing?.Dispose();
        _healing = fault.Duration is { } duration
            ? _time.CreateTimer(_ => HealAfter(next), state: null, duration, Timeout.InfiniteTimeSpan)
            : null;
        Listen();
        foreach (var connection in _connections.Keys)
        {
            if (next.KindFor(connection.Number, connection.Lot) is FaultKind.Cut or FaultKind.Reset)
                connection.Close(reset: fault.Kind == FaultKind.Reset);
        }

        previous.End();
        if (!_isStopped)
            LogFault(_logger, Name, fault.Kind, fault.Share, fault.Duration);
        return next;
    }

    private void HealAfter(ActiveFault fault)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_active, fault) && !_isStopped)
                Replace(Fault.None);
        }
    }

    private void Listen()
    {
        if (_isStopped || _active.Fault.RefusesAll)
        {
            _accepting = null;
            _listener.Close();
            return;
        }

        try
        {
            var socket = _listener.Open();
            if (!_isStarted || ReferenceEquals(socket, _accepting))
                return;
            _accepting = socket;
            _ = AcceptAsync(socket);
        }
        catch (SocketException exception)
        {
            LogNotListening(_logger, Name, EndPoint, exception.Message);
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            try
            {
                Serve(await listening.AcceptAsync());
            }
            catch (Exception exception) when (exception is ObjectDisposedException || (exception is SocketException && !IsAccepting(listening)))
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of handles, mostly: those that wait are served as soon as others leave.
                LogNotAccepted(_logger, Name, exception.Message);
                await Task.Delay(AcceptRetry, _time);
            }
        }
    }

    private bool IsAccepting(Socket listening)
    {
        lock (_lock)
            return ReferenceEquals(listening, _accepting);
    }

    private void Serve(Socket client)
    {
        // Who is affected by a share needs no secrecy.
        var connection = new LinkConnection(this, Counters.CountAccepted(), _lots.NextDouble(), client, _time);
        _connections[connection] = Task.CompletedTask;
        var running = ServeAsync(connection);
        if (!running.IsCompleted)
            _connections.TryUpdate(connection, running, Task.CompletedTask);
    }

    private async Task ServeAsync(LinkConnection connection)
    {
        if (_isStopped)
            connection.Close(reset: true);
        await connection.RunAsync();
        _connections.TryRemove(connection, out _);
    }

    private async Task EndedWithinAsync(TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(limit, _time);
        }
        catch (TimeoutException)
        {
            // Whoever asked looks again.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Link {Link}: {Listen} -> {Target}")]
    private static partial void LogStarted(ILogger logger, string link, IPEndPoint listen, HostPort target);

    [LoggerMessage(Level = LogLevel.Information, Message = "Link {Link}: fault {Kind}, share {Share}, for {Duration}")]
    private static partial void LogFault(ILogger logger, string link, FaultKind kind, double share, TimeSpan? duration);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Link {Link}: its target {Target} cannot be reached: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string link, HostPort target, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Link {Link}: a connection cannot be accepted yet: {Reason}")]
    private static partial void LogNotAccepted(ILogger logger, string link, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Link {Link}: cannot listen on {Listen} again: {Reason}. Heal the link to try once more.")]
    private static partial void LogNotListening(ILogger logger, string link, IPEndPoint listen, string reason);
}
