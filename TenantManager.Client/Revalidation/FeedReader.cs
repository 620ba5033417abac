using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Follows the tenant-manager's change feed for the whole process. It begins with a list of all of the service's tenants, goes on
/// with what changes, and every now and then, or when the feed cannot go on, compares with the whole list again.
/// </summary>
internal sealed partial class FeedReader(
    TenantManagerHttp http,
    FeedChanges changes,
    FeedCoverage coverage,
    FeedPace pace,
    RevalidationService revalidation,
    TenantRevalidator revalidator,
    TenantPools pools,
    TenantManagerClientOptions options,
    Mutant mutant,
    TimeProvider time,
    ILogger<FeedReader> logger)
    : BackgroundService
{
    /// <summary>Pages of one answer: far more than there are tenants.</summary>
    private const int MostPages = 100_000;

    private string? _cursor;
    private long _comparedAt;
    private TimeSpan _untilCompared;
    private string? _told;
    private volatile bool _isAsking = true;

    /// <summary>Whether an answer is waited for, or acted on.</summary>
    public bool IsAsking => _isAsking;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled || !options.FollowsChanges || mutant.IsWithoutRevalidation)
        {
            _isAsking = false;
            return;
        }

        using var shown = ClientDiagnostics.FeedFollowed(() => coverage.Known);
        while (true)
        {
            var pause = await AskAsync(stoppingToken).ConfigureAwait(false);
            if (pause <= TimeSpan.Zero)
                continue;
            var paused = Task.Delay(pause, time, stoppingToken);
            _isAsking = false;
            await paused.ConfigureAwait(false);
            _isAsking = true;
        }
    }

    private async Task<TimeSpan> AskAsync(CancellationToken stoppingToken)
    {
        var asked = time.GetTimestamp();
        try
        {
            if (await FollowAsync(asked, stoppingToken).ConfigureAwait(false))
                return pace.AfterAnswer(time.GetElapsedTime(asked));
            ClientDiagnostics.FeedAsked("absent");
            Fail("none", LogAbsent);
            return pace.WhileAbsent(Random.Shared.NextDouble());
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // Whatever it is, tenants are revalidated one by one meanwhile. The message of an exception that is not ours may quote anything.
            ClientDiagnostics.FeedAsked("failed");
            Fail("failing", () => LogFailed(exception is TenantManagerUnavailableException ? exception.Message : exception.GetType().Name));
            return pace.AfterFailure(Random.Shared.NextDouble());
        }
    }

    /// <summary>Asks, and reads all that there is; false where there is no feed.</summary>
    private async Task<bool> FollowAsync(long asked, CancellationToken cancellationToken)
    {
        if (_cursor is not null && time.GetElapsedTime(_comparedAt) > _untilCompared)
            _cursor = null;
        var wasCompared = _cursor is null;
        var wait = wasCompared ? TimeSpan.Zero : pace.WaitFor(coverage.Known);
        if (await http.GetChangesAsync(options.ServiceName, _cursor, wait, FeedPace.LimitFor(wait, options.RevalidationTimeout), cancellationToken).ConfigureAwait(false) is not { } page)
            return false;

        // By the tenant-manager's own count of the time since it was asked, which is after this process asked.
        var read = Math.Min(page.ReadAfterMs, time.GetElapsedTime(asked).TotalMilliseconds);
        var known = asked + (long)(Math.Max(0, read) / 1000 * time.TimestampFrequency);
        var outcome = page.Changes.Count > 0 ? "changes" : "nothing";
        if (page.Reset)
            outcome = wasCompared ? "compared" : "reset";
        if (outcome == "reset")
        {
            // Nothing is known of what has happened since the last answer, until the list has been compared.
            coverage.Failed();
            LogReset();
        }

        await ReadAsync(page, cancellationToken).ConfigureAwait(false);
        if (coverage.Known is { } lag)
            ClientDiagnostics.FeedLagged(lag);
        coverage.Answered(known);
        ClientDiagnostics.FeedAsked(outcome);
        if (page.Reset)
        {
            _comparedAt = known;
            _untilCompared = pace.UntilCompared(Random.Shared.NextDouble());
        }

        if (_told != "following")
            LogFollowing(options.SlowRevalidationInterval.TotalSeconds);
        _told = "following";
        return true;
    }

    /// <summary>Reads a page and all that follow it at once; the cursor moves when all have been.</summary>
    private async Task ReadAsync(ChangePage page, CancellationToken cancellationToken)
    {
        // Before the list was read, they were connected: who is not in it is not the service's any more.
        var unlisted = page.Reset ? pools.Connected.ToHashSet() : null;
        for (var pages = 1; ; pages++)
        {
            var outdated = new Dictionary<TenantId, TenantChange>();
            foreach (var change in page.Changes)
            {
                if (!TenantId.TryParse(change.Tenant, out var tenant))
                    continue;
                unlisted?.Remove(tenant);
                if (changes.Take(tenant, change))
                    outdated[tenant] = change;
            }

            RevalidateIfOutdated(outdated, cancellationToken);
            if (!page.More)
                break;
            var next = await http.GetChangesAsync(
                options.ServiceName, page.Cursor, TimeSpan.Zero, FeedPace.LimitFor(TimeSpan.Zero, options.RevalidationTimeout), cancellationToken).ConfigureAwait(false);
            if (next is null || next.Reset || next.Cursor == page.Cursor || pages == MostPages)
            {
                _cursor = null;
                throw new TenantManagerUnavailableException("The change feed did not go on after a page.");
            }

            page = next;
        }

        foreach (var tenant in unlisted ?? [])
            changes.Miss(tenant);
        if (unlisted is { Count: > 0 })
            revalidation.Revalidate(Turns(unlisted), cancellationToken);
        _cursor = page.Cursor;
    }

    /// <summary>Each when it is due, unless an event has brought the change by then.</summary>
    private void RevalidateIfOutdated(Dictionary<TenantId, TenantChange> outdated, CancellationToken cancellationToken)
    {
        if (outdated.Count > 0)
            revalidation.Revalidate(Turns(outdated.Keys), RevalidateAsync, cancellationToken);

        Task RevalidateAsync(TenantId tenant, CancellationToken stop)
        {
            if (!changes.IsOutdated(tenant, outdated[tenant]))
                return Task.CompletedTask;
            ClientDiagnostics.FeedChanged();
            return revalidator.RevalidateAsync(tenant, stop);
        }
    }

    private List<(TenantId Tenant, TimeSpan Due)> Turns(IReadOnlyCollection<TenantId> tenants) =>
        [.. tenants.Select(tenant => (Tenant: tenant, Due: pace.DueAfter(Random.Shared.NextDouble()))).OrderBy(turn => turn.Due)];

    private void Fail(string state, Action log)
    {
        coverage.Failed();
        if (_told != state)
            log();
        _told = state;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The tenant-manager's change feed is followed; tenants that it does not tell of are revalidated every {Seconds} s")]
    private partial void LogFollowing(double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The tenant-manager has no change feed; every tenant is revalidated by itself")]
    private partial void LogAbsent();

    [LoggerMessage(Level = LogLevel.Information, Message = "The change feed cannot go on from where this process was, as after a backup was restored; everything held is compared with it anew")]
    private partial void LogReset();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change feed does not answer; every tenant is revalidated by itself until it does: {Reason}")]
    private partial void LogFailed(string reason);
}
