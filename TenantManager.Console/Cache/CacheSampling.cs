using TenantManager.Console.Manager;

namespace TenantManager.Console.Cache;

/// <summary>Looks at the counters every few seconds, whether somebody looks or not: who opens the page sees how it has been.</summary>
internal sealed class CacheSampling(IServiceScopeFactory scopes, CacheHistory history, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var pods = await scope.ServiceProvider.GetRequiredService<ManagerClient>().GetAsync<PodList>("/v1/pods", stoppingToken);
                history.Add(time.GetUtcNow(), pods.Services.SelectMany(static service => service.Tiers.Select(
                    tier => new TierSample(service.Service ?? string.Empty, tier.Tier, tier.Hits + tier.StaleHits, tier.Hits + tier.StaleHits + tier.Misses))));
            }
            catch (ManagerException)
            {
                // A gap in the chart; the page says why.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
