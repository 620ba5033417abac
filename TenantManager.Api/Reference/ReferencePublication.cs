using System.Diagnostics;
using System.Threading.Channels;
using Cache.Core.Valkey;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>
/// Brings reference data to where it is read: into the shared cache right after a change, with an event; and again and again whatever
/// Valkey lacks, has lost, or was given by somebody else. What it holds is compared with the state, so nothing that an instance leaves
/// undone stays so.
/// </summary>
internal sealed partial class ReferencePublication(
    ReferenceStore store, ReferenceSharedCache cache, ReferenceEvents events, IPubSub pubSub, TimeProvider time, ILogger<ReferencePublication> logger) : BackgroundService
{
    /// <summary>How long the answer to a change waits for Valkey.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks, however often somebody asks for one.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _isFailing;

    /// <summary>
    /// Writes a kind through after a change of it was committed. Returns when Valkey has it and the event, and at the latest after a
    /// second: then it gets them later.
    /// </summary>
    public async Task PublishAsync(ReferenceKind kind)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await WriteThroughAsync(await store.GetAsync(kind, limit.Token), kind).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // Whatever it is: the change stands.
            LogWaiting(kind.Name, exception.GetType().Name);
            LookSoon();
        }
    }

    /// <summary>Somebody asks for what the shared cache should have told him.</summary>
    public void LookSoon() => _wake.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        pubSub.Restored += LookSoon;
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(ShortestPause, time, stoppingToken);
                await WaitAsync(Interval * (1 - (Random.Shared.NextDouble() / 2)), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
        finally
        {
            pubSub.Restored -= LookSoon;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // Nobody asked for it: an unsampled parent keeps its statements out of the traces.
        using var untraced = new Activity("reference.look").Start();
        try
        {
            foreach (var kind in ReferenceKind.All)
            {
                var set = await store.GetAsync(kind, cancellationToken);
                if (!await cache.HoldsAsync(set, cancellationToken))
                    await WriteThroughAsync(set, kind);
            }

            _isFailing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
                LogNotLooked(exception.GetType().Name);
            _isFailing = true;
        }
    }

    private async Task WriteThroughAsync(ReferenceSet set, ReferenceKind kind)
    {
        await cache.WriteAsync(set, CancellationToken.None);
        await events.PublishAsync(kind, set.Revision);
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its turn.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reference data '{Kind}' has changed and is written to Valkey later: {Reason}")]
    private partial void LogWaiting(string kind, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reference data cannot be compared with what Valkey holds, and will be: {Reason}")]
    private partial void LogNotLooked(string reason);
}
