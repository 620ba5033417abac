using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Watching;

/// <summary>Begins to watch changes, at every respondent that is not asked about too many already. Safe for concurrent use.</summary>
internal sealed partial class ChangeWatches(
    ManagerClient manager, Seats seats, ChangeWatch watch, Observations observations, ObserverOptions options, TimeProvider time, ILogger<ChangeWatches> logger)
    : IDisposable
{
    private readonly SemaphoreSlim _questions = new(options.MostQuestions);

    /// <summary>Has the chosen ones watched, in the background.</summary>
    public void Begin(FoundChanges changes, CancellationToken cancellationToken)
    {
        observations.Skipped(changes.Skipped);
        foreach (var change in changes.Chosen)
        {
            var asked = seats.Where(TryEnter).ToList();
            if (asked.Count == 0)
            {
                observations.Dropped();
                continue;
            }

            observations.Watched();
            _ = WatchAsync(change, asked, cancellationToken);
        }
    }

    public void Dispose() => _questions.Dispose();

    private bool TryEnter(Seat seat)
    {
        if (seat.TryEnter())
            return true;
        observations.Spared(seat);
        return false;
    }

    private async Task WatchAsync(Change change, List<Seat> asked, CancellationToken cancellationToken)
    {
        var known = await LearnAsync(change, cancellationToken);
        await Task.WhenAll(asked.Select(seat => WatchAsync(seat, known, cancellationToken)));
    }

    private async Task WatchAsync(Seat seat, Change? change, CancellationToken cancellationToken)
    {
        try
        {
            if (change is { Truth: { } truth })
                await watch.RunAsync(seat, change, truth, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (Exception exception)
        {
            // Nobody awaits this, and one change is not worth the process.
            LogFailed(change!.Tenant.Value, exception.GetType().Name);
        }
        finally
        {
            seat.Leave();
        }
    }

    /// <summary>The change with what the tenant-manager answers since, asked where the feed has not told; null when that fails.</summary>
    private async Task<Change?> LearnAsync(Change change, CancellationToken cancellationToken)
    {
        if (change.Truth is not null)
            return change;
        try
        {
            await _questions.WaitAsync(cancellationToken);
            try
            {
                var truth = await manager.AskAsync(change.Tenant, cancellationToken);

                // It may tell of a later change than the one that was found, so it counts from here.
                return change with { Known = time.GetTimestamp(), Truth = truth };
            }
            finally
            {
                _questions.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            observations.Failed();
            LogFailed(change.Tenant.Value, ManagerClient.ReasonOf(exception));
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of tenant {Tenant} could not be watched: {Reason}")]
    private partial void LogFailed(string tenant, string reason);
}
