using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.LocalServers;

namespace Cache.Core.Samples.Stage;

/// <summary>A process that uses the cache, as its Program.cs would set it up. Several of them in one process stand for several pods.</summary>
internal sealed class Pod : IAsyncDisposable
{
    private readonly IHost _host;

    private Pod(IHost host) => _host = host;

    public TieredCache Cache => _host.Services.GetRequiredService<TieredCache>();

    public HybridCache Hybrid => _host.Services.GetRequiredService<HybridCache>();

    public HybridCache Keyed(string key) => _host.Services.GetRequiredKeyedService<HybridCache>(key);

    public ICacheClient Valkey => _host.Services.GetRequiredService<ICacheClient>();

    public Clock Clock => (Clock)_host.Services.GetRequiredService<TimeProvider>();

    /// <summary>Starts a pod.</summary>
    /// <param name="configure">What its Program.cs would do.</param>
    /// <param name="valkey">The server that <c>ConnectionStrings:valkey</c> names; null: it names none.</param>
    /// <param name="settings">Further settings, as the environment would give them.</param>
    public static async Task<Pod> StartAsync(
        Action<HostApplicationBuilder> configure, ValkeyServer? valkey = null, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new Clock());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value, StringComparer.OrdinalIgnoreCase));
        if (valkey is not null)
            builder.Configuration["ConnectionStrings:valkey"] = valkey.ConnectionString;
        configure(builder);
        var pod = new Pod(builder.Build());
        await pod._host.StartAsync();
        return pod;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
