using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry;

/// <summary>Registers the store and the receiver.</summary>
internal static class TelemetryServices
{
    /// <summary>
    /// Adds <see cref="TelemetryStore"/> and <see cref="OtlpReceiver"/>, for <c>MapOtlp</c> and <c>MapTelemetryApi</c>.
    /// </summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions? options = null)
    {
        options ??= new TelemetryOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new TelemetryStore(options.Store, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OtlpReceiver(options, provider.GetRequiredService<TelemetryStore>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
