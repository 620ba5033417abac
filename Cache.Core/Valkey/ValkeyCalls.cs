using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>How every command goes out: with a hard time limit, behind one breaker per connection.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class ValkeyCalls
{
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

    /// <summary>Sends a command.</summary>
    /// <exception cref="CacheUnavailableException">No answer in time, an error, or the breaker is open.</exception>
    public async ValueTask<TResult> CallAsync<TState, TResult>(
        string command, TimeSpan limit, TState state, Func<IDatabase, TState, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(
                static (all, stop) => all.Calls.AttemptAsync(all.Command, all.Limit, all.State, all.Call, stop),
                (Calls: this, Command: command, Limit: limit, State: state, Call: call),
                cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException exception)
        {
            throw new CacheUnavailableException($"{command} was not sent: Valkey has been failing and is given a rest.", exception);
        }
    }

    private async ValueTask<TResult> AttemptAsync<TState, TResult>(
        string command, TimeSpan limit, TState state, Func<IDatabase, TState, Task<TResult>> call, CancellationToken cancellationToken)
    {
        var multiplexer = await _connection.GetAsync(limit, cancellationToken).ConfigureAwait(false);
        try
        {
            // The library bounds no asynchronous call by itself, so the wait is bounded here.
            return await call(multiplexer.GetDatabase(), state).WaitAsync(limit, _connection.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new CacheUnavailableException($"{command} was not answered within {limit.TotalSeconds:0.###} s.", exception);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            throw new CacheUnavailableException($"{command} failed.", exception);
        }
    }

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
