using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.Observer.Respondents;
using TenantPlatform.Observer.Valkey;

namespace TenantPlatform.Observer.Pods;

/// <summary>Asks the tenant-manager again and again which pods there are, where the observer was not told: pods come and go, and so do their addresses.</summary>
/// <remarks>
/// The addresses are the pods' own word in Valkey, as for the tenant-manager's own questions to pods: whoever may write there could have
/// the diagnostics key sent to himself, which opens this one question and nothing else.
/// </remarks>
internal sealed partial class ListedPods(
    ManagerClient manager, Seats seats, Observations observations, ObserverOptions options, TimeProvider time, ILogger<ListedPods> logger)
    : BackgroundService
{
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.ArePodsListed)
            return;
        using var timer = new PeriodicTimer(options.PodsInterval, time);
        try
        {
            do
                await AskAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pods = (await manager.ListPodsAsync(cancellationToken)).Select(Usable).OfType<Pod>().DistinctBy(static pod => pod.Name, StringComparer.Ordinal).ToList();
            _isFailing = false;
            var (come, gone) = seats.Replace(pods);
            foreach (var seat in gone)
                observations.Forget(seat);
            if (come > 0 || gone.Count > 0)
                LogAsked(pods.Count, string.Join(", ", pods.Select(static pod => pod.Name)));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
                LogAway(ManagerClient.ReasonOf(exception));
            _isFailing = true;
        }
    }

    /// <summary>The pod, if it can be asked: it tells an address, to which the key may be sent.</summary>
    private Pod? Usable(ListedPod pod) =>
        Uri.TryCreate(pod.Address, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && options.IsInsecureAllowed))
        && pod.Instance is { Length: > 0 } name && name != ValkeyRespondent.OwnName
            ? new Pod(name, address)
            : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} pods are asked: {Pods}")]
    private partial void LogAsked(int count, string pods);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tenant-manager does not say which pods there are; those that it named last are asked until it does: {Reason}")]
    private partial void LogAway(string reason);
}
