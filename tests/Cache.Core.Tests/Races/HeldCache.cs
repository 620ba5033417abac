using Cache.Core.Tests.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>A cache of the caller's own as L2, without fences, whose next steps a test holds.</summary>
internal sealed class HeldCache(IConfigCache real) : IConfigCache
{
    /// <summary>Holds the answer of the next read.</summary>
    public Gate? AfterGet { get; set; }

    /// <summary>Holds the next invalidation before it takes effect.</summary>
    public Gate? BeforeInvalidate { get; set; }

    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        var result = await real.GetAsync<T>(key, cancellationToken);
        if (AfterGet is { } gate)
        {
            AfterGet = null;
            await gate.PassAsync(cancellationToken);
        }

        return result;
    }

    public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        real.SetAsync(key, value, timeToLive, cancellationToken);

    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        if (BeforeInvalidate is { } gate)
        {
            BeforeInvalidate = null;
            await gate.PassAsync(cancellationToken);
        }

        await real.InvalidateAsync(key, cancellationToken);
    }
}
