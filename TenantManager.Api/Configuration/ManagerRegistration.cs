using System.Diagnostics;
using Cache.Core;
using Microsoft.Extensions.Caching.Hybrid;
using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
using TenantManager.Api.CacheAdministration;
using TenantManager.Api.Changes;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Drills;
using TenantManager.Api.Events;
using TenantManager.Api.Export;
using TenantManager.Api.Keys;
using TenantManager.Api.Pods;
using TenantManager.Api.Provisioning;
using TenantManager.Api.Reference;
using TenantManager.Api.Secrets;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Api.TenantSettings;
using TenantManager.Contracts;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Api.Configuration;

/// <summary>Puts the service together.</summary>
internal static class ManagerRegistration
{
    public static void AddTenantManager(this WebApplicationBuilder builder)
    {
        var options = ManagerSettings.Read(builder.Configuration, builder.Environment.IsDevelopment());
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new TokenVerifier(options.Tokens, provider.GetRequiredService<TimeProvider>()));
        services.AddHttpContextAccessor();
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<CallerAccess>();
        services.AddSingleton<CallerAuthentication>();
        services.AddSingleton<AdministratorCheck>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<ApiKeyLifecycle>();
        services.AddSingleton<LastUse>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<IHybridCacheSerializer<ApiKeyEntry>, ApiKeyEntrySerializer>();
        services.AddKeyedTieredCache(ApiKeyCache.ServiceKey, ApiKeyCache.Configure);
        services.AddSingleton(static provider => new SecretProtector(provider.GetRequiredService<ManagerOptions>().SecretsKey));
        services.AddSingleton<ISecretStore, StateSecretStore>();
        services.AddSingleton<SecretCache>();
        services.AddKeyedTieredCache(SecretCache.ServiceKey, cache => SecretCache.Configure(cache, options));
        services.AddSingleton<TenantSettingsStore>();
        services.AddSingleton<TenantSettingsCache>();
        services.AddSingleton<TenantSettingsLifecycle>();
        services.AddKeyedTieredCache(TenantSettingsCache.ServiceKey, TenantSettingsCache.Configure);
        services.AddSingleton<TenantPurge>();
        services.AddSingleton<TenantDeletion>();
        services.AddSingleton<TenantExport>();
        services.AddSingleton<DataExport>();
        services.AddSingleton<StateDatabase>();
        services.AddSingleton<TenantStore>();
        services.AddSingleton<AssociationStore>();
        services.AddSingleton<DatabaseProvisioner>();
        services.AddSingleton<TenantLifecycle>();
        services.AddSingleton<AssociationLifecycle>();
        services.AddSingleton<ChangeStore>();
        services.AddSingleton<ChangeWatch>();
        services.AddSingleton<ChangePages>();
        services.AddSingleton<ChangeQuestions>();
        services.AddSingleton<EventOutbox>();
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<EventDelivery>();
        services.AddCacheAdministration();
        services.AddPods();
        services.AddSingleton<Faults>();
        services.AddSingleton<CallCounter>();
        services.AddHostedService<StateMigration>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<EventDelivery>());
        services.AddHostedService(provider => provider.GetRequiredService<LastUse>());
        services.AddHostedService<ApiKeyWatch>();
        services.AddHostedService<AuditRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<SecretCache>());
        services.AddHostedService(provider => provider.GetRequiredService<TenantPurge>());
        services.AddReferenceData();

        // The same health check as the integration's own, which can be given neither a name nor a tag.
        builder.AddNpgsqlDataSource(
            "tenant-manager",
            settings => (settings.ConnectionString, settings.DisableHealthChecks) = (options.StateConnectionString, true),

            // A look for waiting events every few seconds, which belongs to no request, is no trace that anybody looks for.
            source => source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null)));
        services.AddHealthChecks().AddNpgSql(name: "postgres", tags: ["ready"]);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = ContractJson.Options.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = ContractJson.Options.NumberHandling;
        });
    }
}
