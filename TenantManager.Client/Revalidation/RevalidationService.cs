using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Revalidates every connected tenant, whether requests come or not, once per interval; when each is due, <see cref="RevalidationTurns"/>
/// says. While the change feed would have told of a change, the tenant-manager need not be asked: a look at the caches is enough.
/// </summary>
internal sealed partial class RevalidationService(
    TenantRevalidator revalidator,
    TenantPools pools,
    TenantConfigClient configs,
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
    private int _underWay;

    /// <summary>Whether every turn that has begun has ended.</summary>
    public bool IsIdle => Volatile.Read(ref _underWay) == 0;

    /// <summary>Revalidates every connected tenant soon, as after a loss of events.</summary>
    public void RevalidateAllSoon(CancellationToken cancellationToken) =>
        _ = RunAsync(_turns.AfterLoss(pools.ConnectedByLastUse()), RevalidateUnlessToldAsync, cancellationToken);

    /// <summary>Revalidates tenants when they are due, counted from now.</summary>
    public void Revalidate(IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, CancellationToken cancellationToken) =>
        _ = RunAsync(turns, revalidator.RevalidateAsync, cancellationToken);

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
            var isCovered = coverage.IsCovering;
            var connected = _turns.HasLost(isCovered) ? pools.ConnectedByLastUse() : pools.Connected;
            if (_turns.Between(connected, from, to, isCovered, known) is { Count: > 0 } due)
                _ = RunAsync(due, RevalidateUnlessToldAsync, stoppingToken);
            if (isCovered && _turns.Slow(connected, from, to) is { Count: > 0 } slow)
                _ = RunAsync(slow, revalidator.RevalidateAsync, stoppingToken);
            from = to;
        }
    }

    /// <summary>
    /// Asks about the tenant, unless the feed would have told of a change of it, and both tiers have what the tenant-manager has
    /// answered: what somebody else has written there, or what is missing since Valkey was empty, only an answer puts right.
    /// </summary>
    private async Task RevalidateUnlessToldAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (coverage.IsCovering
            && pools.Find(tenant) is { IsSettled: true, Revision: { } revision }
            && await configs.HoldsAnswerAsync(tenant, options.ServiceName, revision, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await revalidator.RevalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(
        IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, Func<TenantId, CancellationToken, Task> turn, CancellationToken cancellationToken)
    {
        if (mutant.IsWithoutRevalidation)
            return;
        try
        {
            await PacedTurns.RunAsync(turns, TakeAsync, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }

        async Task TakeAsync(TenantId tenant, CancellationToken stop)
        {
            Interlocked.Increment(ref _underWay);
            try
            {
                await turn(tenant, stop).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Some revalidations failed; the next come on schedule")]
    private partial void LogFailed(Exception exception);
}
