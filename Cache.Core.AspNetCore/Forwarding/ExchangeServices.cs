using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>What every exchange uses.</summary>
internal sealed class ExchangeServices(HttpCacheOptions options, ResponseStore store, StoredResponseFactory factory, HttpCacheMetrics metrics, TimeProvider time)
{
    public HttpCacheOptions Options => options;

    public ResponseStore Store => store;

    public StoredResponseFactory Factory => factory;

    public HttpCacheMetrics Metrics => metrics;

    public LanguageIndex Languages { get; } = new(store, options);

    public DateTimeOffset Now => time.GetUtcNow();
}
