using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using StackExchange.Redis;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Looks at everything again and again. What cannot be told at a moment, because it is away, is missing in that sample.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly RunningPlatform _platform;
    private readonly IReadOnlyList<string> _resources;
    private readonly Func<long> _churned;
    private readonly ConnectionMultiplexer _valkey;
    private readonly NpgsqlDataSource _postgres;
    private readonly TimeSpan _every;
    private readonly TierCounts _tiers = new();
    private readonly Dictionary<int, RuntimeCounters> _counters = [];
    private readonly ConcurrentQueue<Sample> _samples = new();
    private readonly long _began = Stopwatch.GetTimestamp();

    private Sampler(RunningPlatform platform, IReadOnlyList<string> resources, Func<long> churned, ConnectionMultiplexer valkey, NpgsqlDataSource postgres, TimeSpan every) =>
        (_platform, _resources, _churned, _valkey, _postgres, _every) = (platform, resources, churned, valkey, postgres, every);

    /// <summary>What was seen so far, in its order.</summary>
    public IReadOnlyList<Sample> Samples => [.. _samples];

    /// <summary>Connects to what is asked.</summary>
    public static async Task<Sampler> OpenAsync(
        RunningPlatform platform, IReadOnlyList<string> resources, Func<long> churned, TimeSpan every, CancellationToken cancellationToken)
    {
        var valkey = ConfigurationOptions.Parse(await platform.ConnectionStringAsync("valkey", cancellationToken));
        valkey.AllowAdmin = true; // INFO is an administrator's
        valkey.AbortOnConnectFail = false;
        valkey.BacklogPolicy = BacklogPolicy.FailFast;
        var postgres = NpgsqlDataSource.Create(await platform.ConnectionStringAsync("postgres", cancellationToken));
        return new Sampler(platform, resources, churned, await ConnectionMultiplexer.ConnectAsync(valkey), postgres, every);
    }

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_every);
        try
        {
            do
                _samples.Enqueue(await LookAsync(stop));
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The soak ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var counters in _counters.Values)
            counters.Dispose();
        await _valkey.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private async Task<Sample> LookAsync(CancellationToken stop)
    {
        var processes = new List<ProcessSample>();
        foreach (var resource in _resources)
        {
            if (_platform.Resources.ProgramId(resource) is not { } process)
                continue;
            if (!_counters.ContainsKey(process) && await RuntimeCounters.OpenAsync(process, _every, stop) is { } opened)
                _counters[process] = opened;
            var counters = _counters.GetValueOrDefault(process);
            if (ProcessReader.Read(resource, process, counters?.Heap, counters?.Queue) is { } sample)
                processes.Add(sample);
        }

        var (memory, keys, clients) = await ValkeyAsync();
        var rates = await TryAsync(async limit => _tiers.Since(await _platform.TenantManager.PodsAsync(limit)), stop);
        return new Sample(Stopwatch.GetElapsedTime(_began), processes, memory, keys, clients, await SessionsAsync(stop), rates.L1, rates.L2, _churned());
    }

    private async Task<(long? Memory, long? Keys, long? Clients)> ValkeyAsync()
    {
        try
        {
            var database = _valkey.GetDatabase();
            var info = (await database.ExecuteAsync("INFO", "memory", "clients")).ToString().Split("\r\n");
            return (Number(info, "used_memory:"), (long)await database.ExecuteAsync("DBSIZE"), Number(info, "connected_clients:"));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return default;
        }
    }

    private Task<long?> SessionsAsync(CancellationToken stop) => TryAsync<long?>(
        async limit =>
        {
            await using var command = _postgres.CreateCommand("select count(*) from pg_stat_activity where datname is not null");
            return (long?)await command.ExecuteScalarAsync(limit);
        },
        stop);

    private static long? Number(IEnumerable<string> info, string name) =>
        info.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? long.Parse(line[name.Length..], CultureInfo.InvariantCulture) : null;

    private static async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested && exception is PlatformException or HttpRequestException or OperationCanceledException or NpgsqlException)
        {
            return default;
        }
    }
}
