using Cache.Core.Tiered;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>A host with a Valkey and a cache, as a service registers them, and nothing else.</summary>
internal static class CacheHost
{
    public static IHost Create(string connectionString, Action<TieredCacheOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("ConnectionStrings:valkey", connectionString)]);
        builder.Services.AddValkey(builder.Configuration).AddTieredCache(configure);
        return builder.Build();
    }
}
