using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;
using TenantManager.Api.Diagnostics;

namespace TenantManager.Api.Changes;

/// <summary>
/// Looks how far the change feed has come, for all who wait for a change: at once when somebody comes or this instance has changed
/// something, and otherwise once a second for what other instances do. While nobody waits, it does not look.
/// </summary>
internal sealed partial class ChangeWatch(ChangeStore store, TimeProvider time, ILogger<ChangeWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The bound on one look.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile FeedLook _last = FeedLook.None;
    private volatile TaskCompletionSource _looked = FeedLook.NewSignal();
    private int _watchers;
    private bool _isFailing;

    /// <summary>The latest look.</summary>
    public FeedLook Last => _last;

    /// <summary>Something has changed, or somebody wants to know whether it has.</summary>
    public void LookSoon() => _wake.Writer.TryWrite(true);

    /// <summary>Has it looked, once a second, until the result is disposed.</summary>
    public Watch Begin()
    {
        Interlocked.Increment(ref _watchers);
        ManagerDiagnostics.FeedListening(1);
        return new Watch(this);
    }

    /// <summary>A look that began at a moment or later.</summary>
    public async Task<FeedLook> LookAsync(long since, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before the latest is looked at: the one after that will end it.
            var looked = _looked.Task;
            if (_last is { Head: not null } last && last.Began >= since)
                return last;
            LookSoon();
            await looked.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await PauseAsync(stoppingToken);
            if (Volatile.Read(ref _watchers) > 0)
                await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        // Nobody asked for it: an unsampled parent keeps its statements out of the traces.
        using var untraced = new Activity("tenant.feed.look").Start();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);
        var began = time.GetTimestamp();
        try
        {
            var head = await store.HeadAsync(either.Token);
            ManagerDiagnostics.FeedRead("head");
            Publish(head, began);
            if (_isFailing)
                LogResumed();
            _isFailing = false;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Whoever waits for a look is refused when its patience ends.
            if (!_isFailing)
                LogFailed((exception as PostgresException)?.SqlState ?? exception.GetType().Name);
            _isFailing = true;

            // Not at once, whoever comes: the database may be overwhelmed.
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private void Publish(FeedHead head, long began)
    {
        var before = _last;
        var isSame = head == before.Head;
        _last = new FeedLook(head, began, isSame ? before.Moved : FeedLook.NewSignal());
        var looked = _looked;
        _looked = FeedLook.NewSignal();
        looked.TrySetResult();
        if (!isSame)
            before.Moved.TrySetResult();
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        var pause = Volatile.Read(ref _watchers) > 0 ? Interval : Timeout.InfiniteTimeSpan;
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A second is over.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change feed cannot be read; whoever asks is refused and revalidates tenant by tenant meanwhile: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The change feed can be read again")]
    private partial void LogResumed();

    /// <summary>Somebody watches; disposing it ends that.</summary>
    internal readonly struct Watch(ChangeWatch watch) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref watch._watchers);
            ManagerDiagnostics.FeedListening(-1);
        }
    }
}
