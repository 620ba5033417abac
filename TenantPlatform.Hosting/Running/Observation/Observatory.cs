using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TenantPlatform.Hosting.Dashboard;
using TenantPlatform.Hosting.Telemetry;
using TenantPlatform.Hosting.Telemetry.Api;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Running;

/// <summary>
/// Runs the dashboard and what feeds it: starts before the resources, so that none of what they send is lost, and
/// ends after them. Switched on by <c>Dashboard:Enabled</c>, which tests leave off.
/// </summary>
internal sealed class Observatory(IServiceProvider services, RunContext run, DistributedApplicationOptions options, TimeProvider time) : IHostedService, IAsyncDisposable
{
    private readonly string _apiKey = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private DashboardServer? _dashboard;
    private TelemetryReceiver? _receiver;
    private DashboardFile? _file;

    /// <summary>The address that lets a browser in; null when there is no dashboard. Holds the token.</summary>
    public Uri? LoginAddress => _dashboard?.LoginAddress;

    /// <summary>What a project is told, so that it sends its telemetry here; what it has already wins.</summary>
    public void Tell(Dictionary<string, string?> environment, string resource, string replica)
    {
        if (_receiver is null || environment.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT") || Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not null)
            return;
        environment.TryAdd("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        var isGrpc = string.Equals(environment["OTEL_EXPORTER_OTLP_PROTOCOL"], "grpc", StringComparison.OrdinalIgnoreCase);
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = (isGrpc ? _receiver.GrpcAddress : _receiver.Address).ToString();
        environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={_apiKey}";
        environment.TryAdd("OTEL_SERVICE_NAME", resource);
        environment.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={replica}");

        // The exporters' own intervals are for production; somebody is looking here.
        environment.TryAdd("OTEL_METRIC_EXPORT_INTERVAL", "1000");
        environment.TryAdd("OTEL_BSP_SCHEDULE_DELAY", "500");
        environment.TryAdd("OTEL_BLRP_SCHEDULE_DELAY", "500");
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (options.DisableDashboard || !configuration.GetValue("Dashboard:Enabled", !run.IsTest))
            return;
        var store = new TelemetryStore(new TelemetryLimits(), time);
        _receiver = new TelemetryReceiver(_apiKey, store);
        await _receiver.StartAsync(cancellationToken);
        _dashboard = new DashboardServer(
            new DashboardOptions
            {
                Port = configuration.GetValue("Dashboard:Port", 0),
                Token = configuration["AppHost:BrowserToken"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true),
                ApplicationName = services.GetRequiredService<IHostEnvironment>().ApplicationName.Replace(".AppHost", string.Empty, StringComparison.Ordinal),
            },
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceLoggerService>(),
            services.GetRequiredService<ResourceCommandService>(),
            time,
            added => added.AddTelemetry().Replace(ServiceDescriptor.Singleton(store)),
            Map);
        await _dashboard.StartAsync(cancellationToken);
    }

    /// <summary>Tells where the dashboard is. Not before the application has its data to itself: another one's file may stand there.</summary>
    public void Announce()
    {
        if (run.IsTest || _dashboard is null)
            return;
        _file = DashboardFile.Write(run.StateDirectory, _dashboard.LoginAddress);
        Console.WriteLine($"Dashboard: {_dashboard.LoginAddress}");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _file?.Delete();
        if (_dashboard is not null)
            await _dashboard.StopAsync(cancellationToken);
        if (_receiver is not null)
            await _receiver.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();
        if (_receiver is not null)
            await _receiver.DisposeAsync();
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/api/telemetry").MapTelemetryApi();
        routes.MapGet("/api/commands", () => TypedResults.Text(CommandList.Of(
            services.GetRequiredService<DistributedApplicationModel>(), services.GetRequiredService<ResourceNotificationService>())));
    }
}
