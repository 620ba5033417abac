using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryTests
{
    private static readonly ActivitySource Database = new("Npgsql");

    [Fact]
    public async Task Stop_WithEndpoint_HasSentTracesMetricsAndLogs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var source = new ActivitySource("Cache.Core");
        using var meter = new Meter("Cache.Core");
        var counter = meter.CreateCounter<long>("test.lookups");

        await RunAsync(receiver.Address, async (address, app) =>
        {
            using (source.StartActivity("lookup-for-test"))
                counter.Add(1);
            app.Services.GetRequiredService<ILogger<TelemetryTests>>().LogInformation("line-for-test");
            // No propagator: this client's own activities would name the paths too.
            using var network = new SocketsHttpHandler { ActivityHeadersPropagator = null };
            using var client = new HttpClient(network) { BaseAddress = address };
            await client.GetAsync(new Uri("/work/for-test", UriKind.Relative));
            await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        });

        var traces = receiver.Bodies("/v1/traces");
        Assert.Contains("lookup-for-test", traces, StringComparison.Ordinal);
        Assert.Contains("ledger-for-test", traces, StringComparison.Ordinal);
        Assert.Contains("/work/for-test", traces, StringComparison.Ordinal);
        Assert.Contains("GET /work/{name}", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("/health/ready", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("asked-by-health", traces, StringComparison.Ordinal);
        Assert.Contains("test.lookups", receiver.Bodies("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", receiver.Bodies("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("line-for-test", receiver.Bodies("/v1/logs"), StringComparison.Ordinal);
        Assert.Contains("x-test-key: secret", receiver.Headers("/v1/traces"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Log_InAScope_IsSentWithItsValuesAndItsTrace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var source = new ActivitySource("Cache.Core");
        var trace = string.Empty;

        await RunAsync(receiver.Address, (_, app) =>
        {
            var logger = app.Services.GetRequiredService<ILogger<TelemetryTests>>();
            using var span = source.StartActivity("of-a-log");
            using var scope = logger.BeginScope(new[] { KeyValuePair.Create<string, object?>("tenant.id", "acme-for-test") });
            logger.LogInformation("{Count} lines", 7);
            var bytes = new byte[16];
            span!.TraceId.CopyTo(bytes);
            trace = Encoding.Latin1.GetString(bytes);
            return Task.CompletedTask;
        });

        var logs = receiver.Bodies("/v1/logs");
        Assert.Contains("7 lines", logs, StringComparison.Ordinal);
        Assert.Contains("tenant.id", logs, StringComparison.Ordinal);
        Assert.Contains("acme-for-test", logs, StringComparison.Ordinal);
        Assert.Contains(trace, logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_WithDeadEndpoint_EndsInTime(bool connects)
    {
        // A listener that nobody reads from: the system takes the connection, and no answer ever comes.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = connects ? ((IPEndPoint)silent.LocalEndpoint).Port : FreePort.Next();
        using var source = new ActivitySource("Cache.Core");
        using var meter = new Meter("Cache.Core");
        using var logs = new LogCollector();
        var (_, app) = await StartAsync(new Uri($"http://127.0.0.1:{port}"), logs);
        using (source.StartActivity("never-sent"))
            meter.CreateCounter<long>("never.sent").Add(1);
        app.Services.GetRequiredService<ILogger<TelemetryTests>>().LogInformation("never sent");

        await EndAsync(app).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.DoesNotContain(logs.Lines, line => line.Category.StartsWith("Polly", StringComparison.Ordinal));
    }

    [Fact]
    public void Service_NotToldItsName_HasTheApplications()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "the-application" });
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317";

        using var host = builder.AddServiceDefaults().Build();

        var resource = host.Services.GetRequiredService<TracerProvider>().GetResource();
        Assert.Contains(resource.Attributes, attribute => attribute is { Key: "service.name", Value: "the-application" });
    }

    [Fact]
    public void Endpoint_ThatIsNoUri_FailsAndNamesTheVariable()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "nonsense";

        var failure = Assert.Throws<InvalidOperationException>(() => builder.AddServiceDefaults());

        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", failure.Message, StringComparison.Ordinal);
        Assert.Equal("OTEL_EXPORTER_OTLP_ENDPOINT", failure.Data["setting"]);
    }

    private static async Task RunAsync(Uri collector, Func<Uri, WebApplication, Task> act)
    {
        var (address, app) = await StartAsync(collector);
        await act(address, app);
        await EndAsync(app);
    }

    private static async Task<(Uri Address, WebApplication App)> StartAsync(Uri collector, LogCollector? logs = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString();
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Configuration["OTEL_EXPORTER_OTLP_HEADERS"] = "x-test-key=secret";
        builder.Configuration["OTEL_SERVICE_NAME"] = "ledger-for-test";
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        builder.WebHost.UseUrls(address.ToString());
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("database", () =>
        {
            using var query = Database.StartActivity("asked-by-health");
            return HealthCheckResult.Healthy();
        }, ["ready"]);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work/{name}", (string name) => Results.Ok(name));
        await app.StartAsync();
        return (address, app);
    }

    /// <summary>What a process does between SIGTERM and its end.</summary>
    private static async Task EndAsync(WebApplication app)
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
