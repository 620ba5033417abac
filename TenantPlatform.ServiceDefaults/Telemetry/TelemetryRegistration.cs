using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, as the standard <c>OTEL_…</c> variables say. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing is collected, so nothing is paid for.
/// </summary>
/// <remarks>
/// Built from the OpenTelemetry SDK alone: ASP.NET Core, HttpClient and Npgsql publish their own activities and metrics,
/// so no instrumentation package is needed.
/// </remarks>
internal static class TelemetryRegistration
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // ASP.NET Core puts route, path and status on its activities only when this switch is off.
    private const string SuppressServerTags = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    public static void Add(IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable]))
            return;
        if (!Uri.TryCreate(builder.Configuration[EndpointVariable], UriKind.Absolute, out _))
            throw new InvalidOperationException($"{EndpointVariable} is not an absolute URI such as http://localhost:4317.");
        AppContext.SetSwitch(SuppressServerTags, isEnabled: false);
        var resource = ResourceOf(builder);
        builder.Logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.IncludeScopes = true;
            options.SetResourceBuilder(resource).AddOtlpExporter();
        });
        builder.Services.AddSingleton<IStartupFilter, HttpSpanNames>();
        builder.Services.AddHostedService(services => new TelemetryPipeline(
            resource, builder.Configuration, services.GetRequiredService<ILogger<TelemetryPipeline>>()));
    }

    private static ResourceBuilder ResourceOf(IHostApplicationBuilder builder) =>
        ResourceBuilder.CreateDefault().AddService(
            builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : builder.Environment.ApplicationName,
            autoGenerateServiceInstanceId: false);
}
