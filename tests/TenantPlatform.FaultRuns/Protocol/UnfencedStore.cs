using Cache.Core;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>A store of the application's own: the same Valkey without fences. Answers and removals are held up at times.</summary>
internal sealed class UnfencedStore(IConfigCache real, double stallShare, Dice dice) : IConfigCache
{
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        var result = await real.GetAsync<T>(key, cancellationToken);
        await StallAsync(cancellationToken);
        return result;
    }

    public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        real.SetAsync(key, value, timeToLive, cancellationToken);

    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        await StallAsync(cancellationToken);
        await real.InvalidateAsync(key, cancellationToken);
    }

    private Task StallAsync(CancellationToken cancellationToken) =>
        dice.Falls(stallShare) ? Task.Delay(dice.Between(0, 300), cancellationToken) : Task.CompletedTask;
}
