using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TenantPlatform.ServiceDefaults.Health;
using TenantPlatform.ServiceDefaults.Shutdown;
using TenantPlatform.ServiceDefaults.Startup;
using TenantPlatform.ServiceDefaults.Telemetry;

namespace TenantPlatform.ServiceDefaults;

/// <summary>What every service of the platform has: telemetry, health endpoints, service discovery, HTTP resilience.</summary>
/// <remarks>The project template of Aspire; what differs from it says why.</remarks>
public static class ServiceDefaultsExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string HealthPath = "/health";
    private const string ReadyTag = "ready";
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);

    /// <summary>The platform's own activity sources and meters, which have the same names.</summary>
    private static readonly string[] OwnSources = ["Cache.Core", "Cache.Core.AspNetCore", "Gateway", "TenantManager.Client", "TenantManager.Api", "Ledger.Api", "Crm.Api", "TenantPlatform.HttpGuards", "TenantPlatform.Observer"];

    /// <summary>The clients by which OpenTelemetry sends over HTTP, from the same factory as a service's own.</summary>
    private static readonly string[] Exporters = ["OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter"];

    /// <summary>
    /// Adds all of it in one call. Call it first: telemetry then starts before, and ends after, everything else, and a
    /// setting that is missing or wrong ends the process with one line that names it.
    /// Every <see cref="HttpClient"/> from the factory resolves names such as <c>http://tenant-manager</c> or
    /// <c>https+http://tenant-manager</c> from configuration <c>services:{name}:{scheme}:{index}</c>, and retries
    /// safe methods.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        SettingFailures.ShowAsOneLine(builder.Environment.ApplicationName);
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // A transaction must not be sent twice; and a breaker for each service, not one for all of a client's.
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods()).SelectPipelineByAuthority();

            // Inside of it: a retry asks for an endpoint again, and so meets another one.
            http.AddServiceDiscovery();
        });
        return builder.AddDrain();
    }

    /// <summary>
    /// Adds traces, metrics and logs over OTLP, as the standard <c>OTEL_…</c> variables say. Without
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing is collected, so nothing is paid for.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration[OtlpEndpoint] is not { } endpoint || string.IsNullOrWhiteSpace(endpoint))
            return builder;

        // The exporter would fall back to localhost without a word.
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out _))
            throw new InvalidOperationException($"{OtlpEndpoint} is not an absolute URI such as http://localhost:4317.") { Data = { ["setting"] = OtlpEndpoint } };

        // Otherwise every service that is not told its name is unknown_service:dotnet.
        builder.Configuration["OTEL_SERVICE_NAME"] ??= builder.Environment.ApplicationName;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddHostedService<TelemetryEnd>();

        // What they send is not repeated anyway; and while nobody answers, a log entry for each attempt would fill the logs.
        foreach (var exporter in Exporters)
            builder.Services.AddHttpClient(exporter).RemoveAllResilienceHandlers().RemoveAllLoggers();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter(OwnSources)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource(OwnSources)

                // With what they ask of databases and other services: there are many, and nobody looks for them.
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !context.Request.Path.StartsWithSegments(HealthPath))
                .AddHttpClientInstrumentation()
                .AddNpgsql())
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Adds health checks with a bound on each: a hanging dependency must not hang the endpoint.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHealthChecks();
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
                check.Timeout = CheckLimit;
        });
        return builder;
    }

    /// <summary>
    /// When the process is told to end, it first says that it is not ready and serves on for <c>SHUTDOWN_DRAIN_SEC</c> seconds (0), so that
    /// whoever balances can turn to others; what has begun by then has ten more to finish.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>SHUTDOWN_DRAIN_SEC</c> is no whole number from 0 to 300.</exception>
    public static TBuilder AddDrain<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = DrainSettings.Read(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings).AddSingleton<Drain>().AddSingleton<IStartupFilter, DrainedConnections>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddHealthChecks().AddCheck<Drain>(Drain.CheckName);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Limit);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health/live</c> (the process answers) and <c>/health/ready</c> (every check with the tag <c>ready</c>):
    /// 200 for Healthy and Degraded, 503 for Unhealthy, with each check's status in the body. In every environment, unlike
    /// the template: orchestrators ask for them, and the bodies hold no secret.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);

        // Live without a check at all: as long as requests are answered, restarting the process would help nobody.
        app.MapHealthChecks($"{HealthPath}/live", new() { Predicate = _ => false, ResponseWriter = HealthBody.WriteAsync });
        var drain = app.Services.GetRequiredService<Drain>();
        app.MapHealthChecks($"{HealthPath}/ready", new()
        {
            Predicate = check => check.Tags.Contains(ReadyTag) || (drain.IsUnderWay && check.Name == Drain.CheckName),
            ResponseWriter = HealthBody.WriteAsync,
        });
        return app;
    }
}
