using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>How every command goes out: with a hard time limit, behind one breaker per connection.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class ValkeyCalls
{
    /// <summary>Without it the library asks a replica while the primary is away, which may not have heard of the latest revocations.</summary>
    private const CommandFlags FromPrimary = CommandFlags.DemandMaster;

    /// <summary>How long the breaker keeps a failing Valkey from being asked.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    private readonly ValkeyConnection _connection;
    private readonly ResiliencePipeline _breaker;
    private readonly ILogger _logger;

    public ValkeyCalls(ValkeyConnection connection, ILogger logger)
    {
        _connection = connection;
        _logger = logger;
        _breaker = new ResiliencePipelineBuilder { TimeProvider = connection.Time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                // A hung Valkey costs a few callers its timeout, not every one of them.
                FailureRatio = 0.5,
                MinimumThroughput = 3,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = BreakDuration,
                ShouldHandle = new PredicateBuilder().Handle<CacheUnavailableException>(),
                OnOpened = _ => Said(LogOpened),
                OnClosed = _ => Said(LogClosed),
            })
            .Build();
    }

    public TimeSpan ReadLimit => _connection.Options.ReadTimeout;

    public TimeSpan WriteLimit => _connection.Options.WriteTimeout;

    /// <summary>Sends a command, which passes on the flags it is given.</summary>
    /// <exception cref="CacheUnavailableException">No answer in time, an error, or the breaker is open.</exception>
    public async ValueTask<TResult> CallAsync<TState, TResult>(
        string command, TimeSpan limit, TState state, Func<IDatabase, TState, CommandFlags, Task<TResult>> call, CancellationToken cancellationToken)
    {
        // Outside the breaker: what is not sent costs nothing, and says nothing of the next.
        var multiplexer = await _connection.GetAsync(limit, cancellationToken).ConfigureAwait(false);
        try
        {
            return await _breaker.ExecuteAsync(
                static (all, stop) => all.Calls.AttemptAsync(all.Command, all.Limit, all.Multiplexer, all.State, all.Call, stop),
                (Calls: this, Command: command, Limit: limit, Multiplexer: multiplexer, State: state, Call: call),
                cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException exception)
        {
            throw Resting(command, exception);
        }
    }

    /// <summary>The server that is asked for a key over the direct connection; null while it is not known.</summary>
    public DirectServer? ServerOf(string key) => _connection.ServerOf(key);

    /// <summary>Sends a request over the direct connection; null when there is none, or it is not the one to ask: what it says that of has not taken effect.</summary>
    /// <param name="command">What the request is, for messages.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="request">Its bytes.</param>
    /// <param name="cancellationToken">Ends the wait; not what is under way.</param>
    /// <returns>The replies. Of errors they hold only NOSCRIPT and WRONGTYPE.</returns>
    /// <exception cref="CacheUnavailableException">No answer in time, an error, or the breaker is open.</exception>
    public async ValueTask<RespValue[]?> TryAskAsync(string command, TimeSpan limit, DirectRequest request, CancellationToken cancellationToken)
    {
        if (_connection.ServerOf(request.Key) is not { } server)
            return null;
        if (server.IsSilent)
            throw new CacheUnavailableException($"{command} was not sent: Valkey leaves everything unanswered.");
        if (server.Connection is not { } direct)
            return null;
        try
        {
            return await _breaker.ExecuteAsync(
                static (all, stop) => all.Calls.AskAsync(all.Command, all.Limit, all.Request, all.Direct, stop),
                (Calls: this, Command: command, Limit: limit, Request: request, Direct: direct),
                cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException exception)
        {
            throw Resting(command, exception);
        }
    }

    private async ValueTask<RespValue[]?> AskAsync(
        string command, TimeSpan limit, DirectRequest request, DirectConnection direct, CancellationToken cancellationToken)
    {
        if (direct.TrySend(request.Bytes.Span, request.Replies) is not { } ask)
            return null;
        RespValue[] replies;
        try
        {
            replies = ask.Task.IsCompletedSuccessfully ? ask.Task.Result : await ask.Task.WaitAsync(limit, _connection.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            // An answer that is overdue condemns the connection: it may be dead, and the next one is not.
            direct.Close(exception);
            throw Late(command, limit, exception);
        }
        catch (IOException) when (request.IsRead)
        {
            return null;
        }
        catch (IOException exception)
        {
            throw new CacheUnavailableException($"{command} failed: the connection was lost.", exception);
        }

        foreach (var reply in replies)
        {
            if (reply.Kind != RespKind.Error)
                continue;
            switch (reply.ErrorCode)
            {
                case "NOSCRIPT" or "WRONGTYPE":
                    break;
                case "MOVED" or "ASK" or "TRYAGAIN" or "CLUSTERDOWN" or "READONLY":
                    // Nothing was done. The library knows the ways in a cluster, and whether there is another primary.
                    _connection.Misdirected(direct);
                    return null;
                default:
                    throw new CacheUnavailableException($"{command} failed: {reply.ErrorCode}.");
            }
        }

        return replies;
    }

    private async ValueTask<TResult> AttemptAsync<TState, TResult>(
        string command,
        TimeSpan limit,
        ConnectionMultiplexer multiplexer,
        TState state,
        Func<IDatabase, TState, CommandFlags, Task<TResult>> call,
        CancellationToken cancellationToken)
    {
        try
        {
            // The library bounds no asynchronous call by itself, so the wait is bounded here.
            return await FollowAsync(multiplexer.GetDatabase(), state, call).WaitAsync(limit, _connection.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw Late(command, limit, exception);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            throw new CacheUnavailableException($"{command} failed.", exception);
        }
    }

    /// <summary>
    /// Sends one command to the primary of its slot, wherever that is now. The library, told that a slot is at a server that is away,
    /// queues the command for it until connecting has failed, whatever its backlog policy says; so a move is followed here.
    /// </summary>
    /// <exception cref="CacheUnavailableException">The slot's primary cannot be reached.</exception>
    public static async Task<TResult> FollowAsync<TState, TResult>(
        IDatabase database, TState state, Func<IDatabase, TState, CommandFlags, Task<TResult>> call)
    {
        try
        {
            return await call(database, state, FromPrimary | CommandFlags.NoRedirect).ConfigureAwait(false);
        }
        catch (RedisServerException moved) when (moved.Kind == RedisErrorKind.Moved)
        {
            // Nothing was done, and the library knows the way by now.
            try
            {
                return await call(database, state, FromPrimary | CommandFlags.NoRedirect).ConfigureAwait(false);
            }
            catch (RedisServerException away) when (away.Kind == RedisErrorKind.Moved)
            {
                throw new CacheUnavailableException("The slot's primary cannot be reached.", away);
            }
        }
        catch (RedisConnectionException asked) when (asked.FailureType == ConnectionFailureType.UnableToConnect)
        {
            // So it calls an ASK that it was not to follow: a slot on its way to another server. Only the library can ask there, and
            // for that it does not wait for one that is away.
            return await call(database, state, FromPrimary).ConfigureAwait(false);
        }
    }

    private static CacheUnavailableException Resting(string command, Exception cause) =>
        new($"{command} was not sent: Valkey has been failing and is given a rest.", cause);

    private static CacheUnavailableException Late(string command, TimeSpan limit, Exception cause) =>
        new($"{command} was not answered within {limit.TotalSeconds:0.###} s.", cause);

    private static ValueTask Said(Action say)
    {
        say();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Valkey is failing; it is not asked until it has rested")]
    private partial void LogOpened();

    [LoggerMessage(Level = LogLevel.Information, Message = "Valkey answers again")]
    private partial void LogClosed();
}
