using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>What the OpenTelemetry SDK sends, the API tells.</summary>
public sealed class ExporterTests
{
    private static readonly string[] Explicit = ["explicit.duration"];

    [Fact]
    public async Task Traces_OfTwoResources_AreOneTree()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var ledger = new ActivitySource("Test.Ledger");
        using var manager = new ActivitySource("Test.Manager");
        using var ledgerTracer = Tracer(host, "ledger-1", ledger.Name);
        using var managerTracer = Tracer(host, "tenant-manager", manager.Name);
        string traceId;
        using (var root = ledger.StartActivity("GET /v1/organizations", ActivityKind.Server)!)
        {
            traceId = root.TraceId.ToHexString();
            using var call = ledger.StartActivity("GET", ActivityKind.Client)!;
            call.SetTag("http.request.method", "GET").SetTag("http.response.status_code", 503).SetTag("sampled", true).SetTag("share", 0.25);
            call.SetTag("list", new[] { "a", "b" });
            call.SetStatus(ActivityStatusCode.Error, "it failed");
            call.AddEvent(new ActivityEvent("retry", tags: new ActivityTagsCollection { ["attempt"] = 2 }));
            using var served = manager.StartActivity("GET /connections", ActivityKind.Server)!;
        }

        Assert.True(ledgerTracer.ForceFlush());
        Assert.True(managerTracer.ForceFlush());
        var list = await host.GetAsync("traces?resource=tenant-manager&errors=true&text=organizations");
        var trace = await host.GetAsync($"traces/{traceId}");

        var item = Assert.Single(list["traces"]!.AsArray())!;
        Assert.Equal(1, (int)list["total"]!);
        Assert.Equal(traceId, (string?)item["traceId"]);
        Assert.Equal("GET /v1/organizations", (string?)item["name"]);
        Assert.Equal("ledger-1", (string?)item["resource"]);
        Assert.Equal(3, (int)item["spanCount"]!);
        Assert.True((bool)item["hasError"]!);
        Assert.Equal(["ledger-1:2", "tenant-manager:1"], item["resources"]!.AsArray().Select(resource => $"{resource!["name"]}:{resource["count"]}").Order());
        var spans = trace["spans"]!.AsArray();
        Assert.Equal(["GET /v1/organizations", "GET", "GET /connections"], spans.Select(span => (string?)span!["name"]));
        Assert.Equal((string?)spans[0]!["spanId"], (string?)spans[1]!["parentId"]);
        Assert.Null(spans[0]!["parentId"]);
        var failed = spans[1]!;
        Assert.Equal("Client", (string?)failed["kind"]);
        Assert.Equal("Error", (string?)failed["status"]);
        Assert.Equal("it failed", (string?)failed["statusMessage"]);
        Assert.Equal("Test.Ledger", (string?)failed["scope"]);
        Assert.Equal("instance-of-ledger-1", (string?)failed["instance"]);
        Assert.Equal("""{"http.request.method":"GET","http.response.status_code":503,"sampled":true,"share":0.25,"list":"[\u0022a\u0022,\u0022b\u0022]"}""", failed["attributes"]!.ToJsonString());
        Assert.Equal("retry", (string?)failed["events"]![0]!["name"]);
        Assert.Equal(2, (int)failed["events"]![0]!["attributes"]!["attempt"]!);
        Assert.InRange((double)failed["offsetMs"]!, 0, (double)trace["durationMs"]!);
    }

    [Fact]
    public async Task Logs_OfASpan_AreFoundByIt()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var source = new ActivitySource("Test.Logs");
        using var tracer = Tracer(host, "ledger-1", source.Name);
        string traceId, spanId;
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(Resource("ledger-1")).AddOtlpExporter(exporter => Configure(exporter, host, "logs"));
        })))
        {
            var logger = factory.CreateLogger("Test.Category");
            logger.LogInformation("Outside of any span");
            using var span = source.StartActivity("work")!;
            (traceId, spanId) = (span.TraceId.ToHexString(), span.SpanId.ToHexString());
            logger.LogError(new InvalidOperationException("no such asset"), "Could not move {Amount} of {Asset}", 42, "EUR");
        }

        var found = await host.GetAsync($"logs?traceId={traceId}&spanId={spanId}&level=warning&text=eur");
        var all = await host.GetAsync("logs?resource=ledger-1");

        var log = Assert.Single(found["logs"]!.AsArray())!;
        Assert.Equal("Could not move 42 of EUR", (string?)log["message"]);
        Assert.Equal("Error", (string?)log["level"]);
        Assert.Equal("Test.Category", (string?)log["category"]);
        Assert.Equal("ledger-1", (string?)log["resource"]);
        Assert.Equal("EUR", (string?)log["attributes"]!["Asset"]);
        Assert.StartsWith("System.InvalidOperationException: no such asset", (string?)log["exception"], StringComparison.Ordinal);
        Assert.Equal((traceId, spanId), ((string?)log["traceId"], (string?)log["spanId"]));
        Assert.Equal(2, (int)all["total"]!);
        Assert.True((long)all["logs"]![0]!["id"]! > (long)all["logs"]![1]!["id"]!);
    }

    [Fact]
    public async Task Metrics_OfEveryInstrument_AreSeries()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var meter = new Meter("Test.Meter");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource("ledger-1"))
            .AddMeter(meter.Name)
            .AddView(instrument => instrument is Histogram<double> && !Explicit.Contains(instrument.Name)
                ? new Base2ExponentialBucketHistogramConfiguration()
                : null)
            .AddOtlpExporter(exporter => Configure(exporter, host, "metrics"))
            .Build();
        var hits = meter.CreateCounter<long>("cache.hits", "{hit}", "Fresh hits.");
        var open = meter.CreateUpDownCounter<int>("open.connections");
        var exact = meter.CreateHistogram<double>("explicit.duration", "s");
        var wide = meter.CreateHistogram<double>("exponential.duration", "s");
        using var memory = new Meter("Test.Meter");
        memory.CreateObservableGauge("memory.used", () => 123.5, "By");
        Assert.True(provider.ForceFlush());

        hits.Add(40, new KeyValuePair<string, object?>("cache.tier", "l1"));
        hits.Add(2, new KeyValuePair<string, object?>("cache.tier", "l2"));
        open.Add(5);
        open.Add(-2);
        foreach (var value in Enumerable.Range(1, 100))
        {
            exact.Record(value / 10.0);
            wide.Record(value / 10.0);
        }

        Assert.True(provider.ForceFlush());

        var instruments = (await host.GetAsync("metrics"))["instruments"]!.AsArray();
        Assert.Equal(
            ["cache.hits:counter", "explicit.duration:histogram", "exponential.duration:histogram", "memory.used:gauge", "open.connections:updowncounter"],
            instruments.Select(instrument => $"{instrument!["name"]}:{instrument["kind"]}"));
        Assert.Equal("Fresh hits.", (string?)instruments[0]!["description"]);
        var counted = await host.GetAsync("metrics/series?name=cache.hits&meter=Test.Meter&resource=ledger-1&minutes=15");
        Assert.Equal(("{hit}", "counter"), ((string?)counted["unit"], (string?)counted["kind"]));
        Assert.Equal(["l1", "l2"], counted["series"]!.AsArray().Select(series => (string?)series!["tags"]!["cache.tier"]).Order());
        var first = counted["series"]!.AsArray().Single(series => (string?)series!["tags"]!["cache.tier"] == "l1")!;
        Assert.Equal(40, Last(first["totals"]));
        Assert.True(Last(first["points"]) > 0);
        Assert.Equal(3, Last((await SeriesAsync(host, "open.connections"))["points"]));
        Assert.Equal(123.5, Last((await SeriesAsync(host, "memory.used"))["points"]));
        foreach (var name in new[] { "explicit.duration", "exponential.duration" })
        {
            var series = await SeriesAsync(host, name);
            Assert.Equal(100, Last(series["totals"]));
            Assert.InRange(Last(series["p50"]), 4.5, 5.5);
            Assert.InRange(Last(series["p90"]), 8.5, 9.5);
            Assert.InRange(Last(series["p99"]), 9.5, 10);
        }
    }

    private static async Task<JsonNode> SeriesAsync(TelemetryHost host, string name) =>
        Assert.Single((await host.GetAsync($"metrics/series?name={name}"))["series"]!.AsArray())!;

    private static double Last(JsonNode? points) => (double)points!.AsArray()[^1]![1]!;

    private static TracerProvider Tracer(TelemetryHost host, string resource, string source) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(Resource(resource))
        .AddSource(source)
        .AddOtlpExporter(exporter => Configure(exporter, host, "traces"))
        .Build();

    private static ResourceBuilder Resource(string name) =>
        ResourceBuilder.CreateEmpty().AddService(name, serviceInstanceId: $"instance-of-{name}");

    private static void Configure(OtlpExporterOptions options, TelemetryHost host, string kind)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(host.Address, $"/v1/{kind}");
    }
}
