using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.Telemetry;

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
    public async Task Stop_WithDeadEndpoint_EndsInTime()
    {
        var clock = new Stopwatch();

        await RunAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}"), (_, _) =>
        {
            clock.Start();
            return Task.CompletedTask;
        });

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Endpoint_ThatIsNoUri_FailsAndNamesTheVariable()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "nonsense";

        var failure = Assert.Throws<InvalidOperationException>(() => builder.AddServiceDefaults());

        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", failure.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(Uri collector, Func<Uri, WebApplication, Task> act)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString();
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Configuration["OTEL_EXPORTER_OTLP_HEADERS"] = "x-test-key=secret";
        builder.Configuration["OTEL_SERVICE_NAME"] = "ledger-for-test";
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        builder.WebHost.UseUrls(address.ToString());
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("database", () =>
        {
            using var query = Database.StartActivity("asked-by-health");
            return HealthCheckResult.Healthy();
        }, ["ready"]);
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work/{name}", (string name) => Results.Ok(name));
        await app.StartAsync();
        await act(address, app);
        await app.StopAsync();
    }
}
