using Cache.Core.Valkey;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Membership;

/// <summary>Makes an <see cref="Announcement"/> from when the host has started until it stops; then it is taken back. No failure goes further than a line.</summary>
internal sealed partial class AnnouncementService(
    IMembership membership, Announcement announcement, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AnnouncementService> logger)
    : BackgroundService
{
    private const double Jitter = 0.1;

    /// <summary>A host that stops has no time for a Valkey that is away: what was said ends by itself.</summary>
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(1);

    private bool _wasHeard = true;
    private bool _isThere;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!_isThere || !_wasHeard)
            return;
        using var limit = new CancellationTokenSource(FarewellLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await membership.WithdrawAsync(announcement.Group, announcement.Name, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is CacheUnavailableException or OperationCanceledException)
        {
            LogFarewellFailed(announcement.Group, exception.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not before: it does not know its own address, and nobody could reach it.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                var value = await announcement.Value(_wasHeard, stoppingToken).ConfigureAwait(false);

                // From here on Valkey may have heard it, also when the host stops before it says so.
                _isThere = true;
                await membership.AnnounceAsync(announcement.Group, announcement.Name, value, announcement.Interval * Announcement.Lifetimes, stoppingToken).ConfigureAwait(false);
                if (!_wasHeard)
                    LogHeardAgain(announcement.Group);
                _wasHeard = true;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: a pod that cannot say that it is there serves all the same.
                if (_wasHeard)
                    LogUnheard(announcement.Group, exception is CacheUnavailableException ? exception.Message : exception.GetType().Name);
                _wasHeard = false;
            }

            await Task.Delay(announcement.Interval * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble())), time, stoppingToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This process cannot be listed in '{Group}', and goes on saying that it is there: {Reason}")]
    private partial void LogUnheard(string group, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "This process is listed in '{Group}' again")]
    private partial void LogHeardAgain(string group);

    [LoggerMessage(Level = LogLevel.Debug, Message = "This process stays listed in '{Group}' until that ends by itself: {Reason}")]
    private partial void LogFarewellFailed(string group, string reason);
}
