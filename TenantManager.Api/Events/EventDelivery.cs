using System.Diagnostics;
using System.Threading.Channels;
using Cache.Core;
using Cache.Core.Valkey;
using Npgsql;
using TenantManager.Api.Changes;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Storage;
using TenantManager.Contracts;

namespace TenantManager.Api.Events;

/// <summary>
/// Sends what waits in the outbox: a tenant's events right after its change, and whatever could not be sent then, or was
/// left by an instance that is gone, again and again; at once when the connection to Valkey is back.
/// </summary>
internal sealed partial class EventDelivery(
    StateDatabase database, EventOutbox outbox, EventPublisher publisher, IPubSub pubSub, ChangeWatch changes, TimeProvider time, ILogger<EventDelivery> logger)
    : BackgroundService
{
    /// <summary>How long the answer to a change waits for its events.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How often somebody else's remains are looked for.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Each holds a connection to the state database while it waits for Valkey: most of them are left to requests.</summary>
    private readonly SemaphoreSlim _turns = new(8);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _isFailing;

    /// <summary>
    /// Sends a tenant's events after a change of it was committed. Returns when Valkey has them, and at the latest after a
    /// second: then they are sent later.
    /// </summary>
    public async Task DeliverAsync(TenantId tenant)
    {
        changes.LookSoon();
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await TrySendAsync(tenant, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Wake();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turns.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        pubSub.Restored += Wake;
        try
        {
            var failures = 0;
            while (true)
            {
                failures = await TrySweepAsync(stoppingToken) ? 0 : failures + 1;
                var pause = failures == 0 ? Interval : PauseAfter(failures);
                if (await IsWokenAsync(pause * (1 - (Random.Shared.NextDouble() / 2)), stoppingToken))
                    failures = 0;
            }
        }
        finally
        {
            pubSub.Restored -= Wake;
        }
    }

    private async Task<bool> TrySweepAsync(CancellationToken cancellationToken)
    {
        // Nobody asked for it: an unsampled parent keeps its statements out of the traces.
        using var untraced = new Activity("tenant.events.sweep").Start();
        try
        {
            var waiting = await outbox.ListAsync(cancellationToken);
            var left = waiting.Sum(tenant => tenant.Events);
            ManagerDiagnostics.EventsWaiting = left;
            foreach (var (tenant, events) in waiting)
            {
                if (!await TrySendAsync(TenantId.Parse(tenant), cancellationToken))
                    return false;
                ManagerDiagnostics.EventsWaiting = left -= events;
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogWaiting(exception);
            return false;
        }
    }

    /// <summary>Sends what waits for a tenant; false when it is to be tried again.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait for a turn; what has begun is bounded by limits of its own.</param>
    private async Task<bool> TrySendAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await database.ChangeAsync(
                async connection =>
                {
                    var waiting = await EventOutbox.TakeAsync(connection, tenant);
                    foreach (var next in waiting)
                        await publisher.PublishAsync(tenant, next);
                    return waiting.Count;
                },
                CancellationToken.None);
            if (Interlocked.Exchange(ref _isFailing, 0) != 0)
                LogResumed();
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Another instance is at it.
            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is: the change stands, and its events are sent again.
            if (Interlocked.Exchange(ref _isFailing, 1) == 0)
            {
                LogWaiting(exception);
                Wake();
            }

            return false;
        }
        finally
        {
            _turns.Release();
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task<bool> IsWokenAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static TimeSpan PauseAfter(int failures)
    {
        var pause = ShortestPause * Math.Pow(2, Math.Min(failures, 10) - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    private void LogWaiting(Exception exception) => LogWaiting(exception is CacheUnavailableException ? exception.Message : exception.GetType().Name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lifecycle events wait and will be sent again; revalidation does their work meanwhile: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lifecycle events are sent again")]
    private partial void LogResumed();
}
