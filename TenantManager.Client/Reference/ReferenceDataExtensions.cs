using Cache.Core;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts.Reference;

namespace TenantManager.Client.Reference;

/// <summary>Registration of reference data.</summary>
public static class ReferenceDataExtensions
{
    /// <summary>
    /// Adds <see cref="ReferenceData"/>, which reads what the tenant-manager owns. Needs
    /// <see cref="TenantManagerClientExtensions.AddTenantManagerClient{TBuilder}"/>, before or after, and no setting of its own.
    /// </summary>
    /// <example><code>
    /// builder.AddTenantManagerClient();
    /// builder.AddReferenceData();
    /// </code></example>
    public static TBuilder AddReferenceData<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddCoherentPrefix(ReferenceCache.KeyPrefix);

        // The cache itself is nobody's service: what can be asked for can be written to.
        builder.Services.AddSingleton(Create);
        builder.Services.AddSingleton<ReferenceListener>();
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<ReferenceListener>());
        return builder;
    }

    private static ReferenceData Create(IServiceProvider provider)
    {
        if (provider.GetService<TenantManagerHttp>() is not { } http)
            throw new InvalidOperationException("AddReferenceData needs the tenant-manager's client: call AddTenantManagerClient too.");
        return new ReferenceData(
            http,
            provider.GetRequiredService<TenantManagerClientOptions>().Timeout + TimeSpan.FromSeconds(1), // the call ends first, so that its breaker learns of it
            provider.GetService<ICacheClient>(),
            provider.GetService<ValkeyOptions>()?.EncryptionKeys,
            provider.GetService<ICoherence>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TieredCache>>());
    }
}
