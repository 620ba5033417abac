using System.Text.Json;
using TenantManager.Contracts.Changes;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Reporting;

namespace TenantPlatform.Observer.Watching;

/// <summary>
/// Follows the tenant-manager's change feed, which answers as soon as something has changed: so pods are asked within milliseconds of a
/// change, and not when the next sweep finds it.
/// </summary>
/// <remarks>Not by lifecycle events: their loss is one of the things that make pods stale, and they do not tell what is true now.</remarks>
internal sealed partial class ChangeFollower(
    ManagerClient manager, ChangeFinder changes, ChangeWatches watches, Observations observations, ObserverOptions options, TimeProvider time, ILogger<ChangeFollower> logger)
    : BackgroundService
{
    private string? _cursor;

    /// <summary>Whether the pages that come are those of the list of everything with which this begins.</summary>
    private bool _isBeginning = true;

    private FeedState? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var pause = await AskAsync(stoppingToken);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    /// <summary>Asks once, and returns how long to rest.</summary>
    private async Task<TimeSpan> AskAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        try
        {
            if (await manager.FollowAsync(_cursor, _cursor is null ? TimeSpan.Zero : options.FeedWait, cancellationToken) is not { } page)
            {
                _cursor = null;
                Tell(FeedState.Absent, string.Empty);
                return options.FeedRetry;
            }

            if (page.More && page.Cursor == _cursor)
                throw new JsonException("The change feed does not go on after a page.");
            Take(page, asked, cancellationToken);
            Tell(FeedState.Following, string.Empty);
            return Rest(page, asked);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It goes on from where it was: nothing is lost, it is learned later.
            Tell(FeedState.Failing, ManagerClient.ReasonOf(exception));
            return options.FeedRest;
        }
    }

    private void Take(ChangePage page, long asked, CancellationToken cancellationToken)
    {
        watches.Begin(changes.InFeed(page.Changes, asked, _isBeginning), cancellationToken);
        if (!page.More)
            _isBeginning = false;
        _cursor = page.Cursor;
    }

    /// <summary>Hardly at all while there is more to hear; longer where the feed answers without waiting for a change.</summary>
    private TimeSpan Rest(ChangePage page, long asked)
    {
        if (page.More)
            return TimeSpan.Zero;
        var rest = page.Changes.Count > 0 && !page.Reset ? options.FeedGap : options.FeedRest;
        return rest - time.GetElapsedTime(asked);
    }

    private void Tell(FeedState state, string reason)
    {
        observations.Fed(state);
        if (_told == state)
            return;
        _told = state;
        switch (state)
        {
            case FeedState.Following:
                LogFollowing();
                break;
            case FeedState.Absent:
                LogAbsent(options.SweepInterval.TotalSeconds);
                break;
            default:
                LogFailing(options.SweepInterval.TotalSeconds, reason);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Changes are learned of by the tenant-manager's change feed, at once")]
    private partial void LogFollowing();

    [LoggerMessage(Level = LogLevel.Information, Message = "The tenant-manager has no change feed: changes are learned of by sweeps, every {Seconds} s")]
    private partial void LogAbsent(double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change feed does not answer: changes are learned of by sweeps, every {Seconds} s, until it does: {Reason}")]
    private partial void LogFailing(double seconds, string reason);
}
