using System.Collections.Concurrent;
using System.Threading.Channels;
using Cache.Core.Valkey.Resp;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Direct;

/// <summary>
/// The direct connections: one, or in a cluster one to every primary. For the commands of the lookup path; StackExchange.Redis
/// serves everything else, and these while the way here is not known or not open.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class DirectServers : IAsyncDisposable
{
    private readonly ValkeyOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, DirectServer> _servers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _vain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DirectServer? _single;
    private DirectServer?[] _bySlot = [];
    private int _attempt;

    /// <summary>Creates them and begins to connect.</summary>
    public DirectServers(ValkeyOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        if (options.Mode == ValkeyMode.Cluster)
            _ = Task.Run(KeepMapAsync);
        else
            _single = new DirectServer(options.Addresses, options, time, logger, LookAgain, _vain);
    }

    /// <summary>Ends when every address has been tried once and none was of use.</summary>
    public Task TriedInVain => _vain.Task;

    /// <summary>Whether the one server there is leaves everything unanswered. In a cluster that is each server's own.</summary>
    public bool IsSilent => _single is { IsSilent: true };

    /// <summary>The server that holds the key; null while it is not known.</summary>
    public DirectServer? Find(string key)
    {
        if (_single is not null)
            return _single;
        var bySlot = Volatile.Read(ref _bySlot);
        return bySlot.Length == 0 ? null : bySlot[ClusterSlot.Of(key)];
    }

    /// <summary>Somebody else has had an answer.</summary>
    public void Heard() => _single?.Heard();

    /// <summary>The servers may have changed their parts.</summary>
    public void LookAgain() => _looks.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_single is not null)
            await _single.DisposeAsync().ConfigureAwait(false);
        foreach (var server in _servers.Values)
            await server.DisposeAsync().ConfigureAwait(false);
    }

    private async Task KeepMapAsync()
    {
        var backOff = new BackOff();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync(_stop.Token).ConfigureAwait(false);
                backOff.Reset();
                await _looks.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                if (_attempt >= _options.Addresses.Count && _bySlot.Length == 0)
                    _vain.TrySetResult();
                LogNoMap(exception.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(backOff.Next(), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        string[] addresses = [.. _options.Addresses, .. _servers.Keys];
        using var limit = new CancellationTokenSource(_options.DialTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var connection = await SignIn.DialAsync(addresses[(int)((uint)_attempt++ % addresses.Length)], _options, either.Token).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var slots = SignIn.Require(await connection.AskAsync(ClusterSlots.Command, either.Token).ConfigureAwait(false), "CLUSTER SLOTS");
            Take(ClusterSlots.BySlot(slots, connection.Host));
        }
    }

    private void Take(string?[] primaries)
    {
        var bySlot = Array.ConvertAll(primaries, address => address is null ? null : _servers.GetOrAdd(address, Open));
        Volatile.Write(ref _bySlot, bySlot);
        foreach (var (address, server) in _servers)
        {
            if (!bySlot.Contains(server) && _servers.TryRemove(address, out _))
                _ = server.DisposeAsync().AsTask();
        }
    }

    private DirectServer Open(string address) => new([address], _options, _time, _logger, LookAgain);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The cluster's map could not be read ({Kind})")]
    private partial void LogNoMap(string kind);
}
