using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Revalidates every connected tenant, whether requests come or not: once per interval, or hardly ever while the change feed tells
/// of what changes; when each is due, <see cref="RevalidationTurns"/> says.
/// </summary>
internal sealed partial class RevalidationService(
    TenantRevalidator revalidator,
    TenantPools pools,
    FeedCoverage coverage,
    TenantManagerClientOptions options,
    Mutant mutant,
    TimeProvider time,
    ILogger<RevalidationService> logger)
    : BackgroundService
{
    /// <summary>So often per interval it is looked who is due: who connects in between is not left out until the next one.</summary>
    private const int Looks = 32;

    private readonly RevalidationTurns _turns = new(options.RevalidationInterval, options.SlowRevalidationInterval);

    /// <summary>
    /// Revalidates every connected tenant soon, as after a loss of events; but for those of whose changes the feed tells: they were
    /// lost to nobody.
    /// </summary>
    public void RevalidateAllSoon(CancellationToken cancellationToken)
    {
        var isCovered = coverage.IsCovering;
        _ = RunAsync(_turns.AfterLoss([.. pools.ConnectedAndSettled().Where(one => !(isCovered && one.IsSettled)).Select(one => one.Tenant)]), cancellationToken);
    }

    /// <summary>Revalidates tenants when they are due, counted from now.</summary>
    public void Revalidate(IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, CancellationToken cancellationToken) => _ = RunAsync(turns, cancellationToken);

    /// <inheritdoc cref="Revalidate(IReadOnlyList{ValueTuple{TenantId, TimeSpan}}, CancellationToken)"/>
    /// <param name="turns">The tenants.</param>
    /// <param name="turn">Revalidates one, or finds it needless by then.</param>
    /// <param name="cancellationToken">Begins no further ones.</param>
    public void Revalidate(
        IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, Func<TenantId, CancellationToken, Task> turn, CancellationToken cancellationToken) =>
        _ = RunAsync(turns, turn, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        var from = 0.0;
        using var timer = new PeriodicTimer(options.RevalidationInterval / Looks, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            // By the clock, not by ticks: a process that was held up has missed some.
            var to = time.GetElapsedTime(began) / options.RevalidationInterval;
            var known = coverage.Known is { } ago ? to - (ago / options.RevalidationInterval) : (double?)null;
            if (_turns.Between(pools.ConnectedAndSettled(), from, to, coverage.IsCovering, known) is { Count: > 0 } due)
                _ = RunAsync(due, stoppingToken);
            from = to;
        }
    }

    private Task RunAsync(IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, CancellationToken cancellationToken) =>
        RunAsync(turns, revalidator.RevalidateAsync, cancellationToken);

    private async Task RunAsync(
        IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, Func<TenantId, CancellationToken, Task> turn, CancellationToken cancellationToken)
    {
        if (mutant.IsWithoutRevalidation)
            return;
        try
        {
            await PacedTurns.RunAsync(turns, turn, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Some revalidations failed; the next come on schedule")]
    private partial void LogFailed(Exception exception);
}
