using Cache.Core.Valkey;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>Registration of idempotency keys.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Adds idempotency keys, kept in the registered Valkey (<see cref="ICacheClient"/>). They are set by <c>IDEMPOTENCY_ENABLED</c>,
    /// <c>IDEMPOTENCY_RETENTION_SEC</c> and <c>IDEMPOTENCY_WITHOUT_VALKEY</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="configure">Says whose keys they are, and how long and how safely answers are kept.</param>
    /// <exception cref="GuardSettingException">A setting is wrong; the message names it.</exception>
    public static IServiceCollection AddIdempotency(this IServiceCollection services, IConfiguration configuration, Action<IdempotencyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new IdempotencyBuilder();
        configure(builder);
        if (builder.Scope == typeof(IIdempotencyScope))
            throw new InvalidOperationException($"Idempotency needs to know whose keys they are: call {nameof(IdempotencyBuilder.ScopeBy)}.");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(builder.Build(configuration));
        services.AddSingleton(typeof(IIdempotencyScope), builder.Scope);
        if (builder.Protector is { } protector)
            services.AddSingleton(typeof(IRecordProtector), protector);
        services.AddSingleton(static provider => new RecordStore(
            provider.GetRequiredService<IdempotencyOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IRecordProtector>(),
            provider.GetService<ICacheClient>()));
        return services;
    }

    /// <summary>Covers every request from here on that carries a key. Belongs after authentication and before whatever may fail the request.</summary>
    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<IdempotencyMiddleware>();
    }
}
