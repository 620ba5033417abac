using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary><see cref="ICacheClient"/> over StackExchange.Redis, with a hard time limit on every call and a breaker before it.</summary>
/// <remarks>Safe for concurrent use. Works against a single server and against a cluster.</remarks>
public sealed partial class ValkeyClient : ICacheClient
{
    /// <summary>How long the breaker keeps a failing Valkey from being asked.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    private readonly ValkeyConnection _connection;
    private readonly ResiliencePipeline _breaker;
    private readonly ILogger<ValkeyClient> _logger;

    /// <summary>Creates a client on a connection, which stays the caller's.</summary>
    public ValkeyClient(ValkeyConnection connection, ILogger<ValkeyClient> logger)
    {
        ArgumentNullException.ThrowIfNull(connection);
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

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        CallAsync("GET", _connection.Options.ReadTimeout, key, static async (database, key) => (byte[]?)await database.StringGetAsync(key).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await SetAsync(key, value, timeToLive, When.Always, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        SetAsync(key, value, timeToLive, When.NotExists, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CountAsync("DEL", _connection.Options.WriteTimeout, keys, static (database, key) => database.KeyDeleteAsync(key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        CountAsync("EXISTS", _connection.Options.ReadTimeout, keys, static (database, key) => database.KeyExistsAsync(key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) =>
        CallAsync("INCRBY", _connection.Options.WriteTimeout, (key, by), static (database, call) => database.StringIncrementAsync(call.key, call.by), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        CallAsync(
            "EXPIRE",
            _connection.Options.WriteTimeout,
            (key, timeToLive: Lifetime(timeToLive)),
            static async (database, call) => call.timeToLive is null
                ? await database.KeyPersistAsync(call.key).ConfigureAwait(false) || await database.KeyExistsAsync(call.key).ConfigureAwait(false)
                : await database.KeyExpireAsync(call.key, call.timeToLive).ConfigureAwait(false),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) =>
        CallAsync("PING", _connection.Options.ReadTimeout, 0, static (database, _) => database.PingAsync(), cancellationToken);

    /// <summary>Does nothing: the connection is closed by its owner.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, When when, CancellationToken cancellationToken) =>
        CallAsync(
            "SET",
            _connection.Options.WriteTimeout,
            (key, value, timeToLive: Lifetime(timeToLive), when),
            static (database, call) => database.StringSetAsync(call.key, call.value.ToArray(), call.timeToLive, call.when),
            cancellationToken);

    /// <summary>One command per key, all on their way at once: in a cluster the keys live in different places.</summary>
    private ValueTask<long> CountAsync(
        string command, TimeSpan limit, IReadOnlyCollection<string> keys, Func<IDatabase, string, Task<bool>> call, CancellationToken cancellationToken) =>
        CallAsync(
            command,
            limit,
            (keys, call),
            static async (database, all) =>
            {
                var answers = await Task.WhenAll(all.keys.Select(key => all.call(database, key))).ConfigureAwait(false);
                return (long)answers.Count(answer => answer);
            },
            cancellationToken);

    private async ValueTask<TResult> CallAsync<TState, TResult>(
        string command, TimeSpan limit, TState state, Func<IDatabase, TState, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(
                static (all, stop) => all.Client.AttemptAsync(all.Command, all.Limit, all.State, all.Call, stop),
                (Client: this, Command: command, Limit: limit, State: state, Call: call),
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

    private static TimeSpan? Lifetime(TimeSpan timeToLive) => timeToLive <= TimeSpan.Zero ? null : timeToLive;

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
