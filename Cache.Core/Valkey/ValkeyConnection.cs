using System.Net.Sockets;
using Cache.Core.Valkey.Direct;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>
/// The process's connection to Valkey. It is opened in the background and comes back by itself; whoever needs it
/// gets it within a bound or is told that Valkey is away.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class ValkeyConnection : IAsyncDisposable
{
    /// <summary>
    /// How long callers wait for the first connection. It is counted from when connecting began, so only the very first wait at all,
    /// and those of a host not even these: it waits before it starts.
    /// </summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    private readonly ValkeyOptions _options;
    private readonly ILogger<ValkeyConnection> _logger;
    private readonly TimeProvider _time;
    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer;
    private readonly Lazy<DirectServers?> _direct;
    private readonly Lazy<Task> _decided;
    private readonly CancellationTokenSource _stop = new();
    private int _isUnusable;
    private int _isSubscriptionLost;

    /// <summary>Creates the connection; nothing is opened yet.</summary>
    /// <exception cref="ValkeyConfigurationException">An option is unusable.</exception>
    public ValkeyConnection(ValkeyOptions options, ILogger<ValkeyConnection> logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        var configuration = LibraryConfiguration.Create(options);
        _multiplexer = new Lazy<Task<ConnectionMultiplexer>>(() => OpenAsync(configuration));
        _direct = new Lazy<DirectServers?>(() => options.IsDirect ? new DirectServers(options, _time, logger) : null);
        _decided = new Lazy<Task>(DecideAsync);
    }

    /// <summary>A subscription goes on after messages were lost to it.</summary>
    internal event Action? SubscriptionRestored;

    internal ValkeyOptions Options => _options;

    internal TimeProvider Time => _time;

    /// <summary>Starts connecting, so that the first command need not.</summary>
    public void Open()
    {
        foreach (var deprecation in _options.Deprecations)
            LogDeprecated(deprecation);
        _ = _decided.Value;
    }

    /// <summary>Returns when there is a connection, when every address has been tried in vain, or when that takes too long.</summary>
    public Task DecidedAsync(CancellationToken cancellationToken) => _decided.Value.WaitAsync(cancellationToken);

    /// <summary>The server that holds the key, as the direct way knows it; null while it does not: then the multiplexer serves.</summary>
    internal DirectServer? ServerOf(string key) => _direct.Value?.Find(key);

    /// <summary>The direct connection to the server that holds the key; null while there is none.</summary>
    internal DirectConnection? Direct(string key) => ServerOf(key)?.Connection;

    /// <summary>A subscription has lost messages without losing its connection, and goes on.</summary>
    internal void OnSubscriptionRestored() => SubscriptionRestored?.Invoke();

    /// <summary>A server has said that it is not the one to ask.</summary>
    internal void Misdirected(DirectConnection connection)
    {
        // With one address there is nobody else to ask: it may still be read from.
        if (_options.Addresses.Count > 1 && _options.Mode != ValkeyMode.Cluster)
            connection.Close(new CacheUnavailableException("The server is not the primary."));
        _direct.Value?.LookAgain();
    }

    /// <summary>The multiplexer if it is there; waited for only until it is known whether it will be.</summary>
    /// <exception cref="CacheUnavailableException">It is not there, or its server leaves everything unanswered.</exception>
    internal ValueTask<ConnectionMultiplexer> GetAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        if (_direct.Value is { IsSilent: true })
            return ValueTask.FromException<ConnectionMultiplexer>(new CacheUnavailableException("Valkey leaves everything unanswered."));
        var opening = _multiplexer.Value;
        return opening.IsCompletedSuccessfully ? new ValueTask<ConnectionMultiplexer>(opening.Result) : GetFirstAsync(opening, bound, cancellationToken);
    }

    /// <summary>The multiplexer, waited for no longer than the bound.</summary>
    /// <exception cref="CacheUnavailableException">It is not there in time.</exception>
    internal async ValueTask<ConnectionMultiplexer> GetPatientlyAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        try
        {
            return await _multiplexer.Value.WaitAsync(bound, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or RedisException or SocketException or ObjectDisposedException)
        {
            throw new CacheUnavailableException("Valkey cannot be reached.", exception);
        }
    }

    /// <summary>Closes the connection within a bound.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_direct is { IsValueCreated: true, Value: { } direct })
            await direct.DisposeAsync().ConfigureAwait(false);
        if (_multiplexer.IsValueCreated)
            await CloseAsync(_multiplexer.Value).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task DecideAsync()
    {
        List<Task> signs = [_multiplexer.Value, Task.Delay(FirstWait, _time, _stop.Token)];
        if (_direct.Value is { } direct)
            signs.Add(direct.TriedInVain);
        await Task.WhenAny(signs).ConfigureAwait(false);
    }

    private async ValueTask<ConnectionMultiplexer> GetFirstAsync(Task<ConnectionMultiplexer> opening, TimeSpan bound, CancellationToken cancellationToken)
    {
        await _decided.Value.WaitAsync(bound, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return opening.IsCompleted
            ? await GetPatientlyAsync(bound, cancellationToken).ConfigureAwait(false)
            : throw new CacheUnavailableException("There is no connection to Valkey yet.");
    }

    private async Task CloseAsync(Task<ConnectionMultiplexer> opening)
    {
        try
        {
            // Real time: what is waited for is the library's own doing, whatever time a test has.
            var multiplexer = await opening.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            await multiplexer.CloseAsync(allowCommandsToComplete: false).WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            multiplexer.Dispose();
        }
        catch (Exception exception) when (exception is TimeoutException or RedisException or SocketException or ObjectDisposedException)
        {
            LogCloseFailed(exception.GetType().Name);
        }
    }

    private async Task<ConnectionMultiplexer> OpenAsync(ConfigurationOptions configuration)
    {
        // Off the caller's thread: this library version resolves names and opens sockets before it yields.
        await Task.Yield();
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            if (failure.ConnectionType == ConnectionType.Interactive)
                LogLost(failure.FailureType.ToString());
            else
                Volatile.Write(ref _isSubscriptionLost, 1);
            if (failure.FailureType is ConnectionFailureType.AuthenticationFailure)
                _ = SayFaultAsync(_stop.Token);
        };
        multiplexer.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
                OnBack();
            else if (Interlocked.Exchange(ref _isSubscriptionLost, 0) == 1) // the first time nothing was lost
                OnSubscriptionRestored();
        };
        if (!multiplexer.IsConnected)
            _ = SayFaultAsync(_stop.Token);
        return multiplexer;
    }

    private void OnBack()
    {
        Volatile.Write(ref _isUnusable, 0);
        _direct.Value?.Heard();
        LogRestored();
    }

    /// <summary>The library tells that it cannot connect, not why: ask ourselves, once until it can.</summary>
    private async Task SayFaultAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isUnusable, 1) == 1)
            return;
        try
        {
            if (await ConnectionFault.FindAsync(_options, _time, cancellationToken).ConfigureAwait(false) is { } fault)
                LogUnusable(fault);
        }
        catch (OperationCanceledException)
        {
            // The connection is not wanted any more.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault} Going on without it")]
    private partial void LogUnusable(string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the connection to Valkey ({Cause}); going on without it")]
    private partial void LogLost(string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection to Valkey is back")]
    private partial void LogRestored();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Deprecation}")]
    private partial void LogDeprecated(string deprecation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Closing the connection to Valkey failed ({Kind})")]
    private partial void LogCloseFailed(string kind);
}
