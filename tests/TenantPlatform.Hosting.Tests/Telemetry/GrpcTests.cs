using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TenantPlatform.Hosting.Telemetry;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>OTLP over gRPC: what a real exporter sends, and what nobody should.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private const string Key = "the-key";
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string Logs = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    private const string Metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private readonly TelemetryStore _store = new(new TelemetryLimits(), TimeProvider.System);
    private readonly TelemetryReceiver _receiver;
    private readonly HttpClient _client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    public GrpcTests() => _receiver = new TelemetryReceiver(Key, _store);

    public async Task InitializeAsync()
    {
        await _receiver.StartAsync(CancellationToken.None);
        _client.BaseAddress = _receiver.GrpcAddress;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public void Exporter_OfTheSdk_IsUnderstood()
    {
        using var source = new ActivitySource("Test.Grpc");
        using var tracer = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("ledger-1"))
            .AddOtlpExporter(exporter =>
            {
                exporter.Protocol = OtlpExportProtocol.Grpc;
                exporter.Endpoint = _receiver.GrpcAddress;
                exporter.Headers = $"x-otlp-api-key={Key}";
                exporter.TimeoutMilliseconds = 60_000;
            })
            .Build();
        source.StartActivity("GET /v1/organizations", ActivityKind.Server)!.Dispose();

        Assert.True(tracer.ForceFlush());

        var trace = Assert.Single(_store.Traces.Find(new(null, null, OnlyErrors: false, 0, null, null, 10)).Traces);
        Assert.Equal("GET /v1/organizations", trace.Root.Name);
        Assert.Equal("ledger-1", trace.Root.Resource.Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachKind_IsTaken_PlainAndCompressed(bool isCompressed)
    {
        var span = Messages.Request("r", "s", Messages.Span(1, 2)).ToArray();
        var log = Messages.Request("r", "s", Messages.Log("hello")).ToArray();
        var metric = Messages.Request("r", "s", Messages.Sum("calls", 1, DateTimeOffset.UtcNow)).ToArray();

        Assert.Equal("0", (await CallAsync(Traces, Frame(span, isCompressed))).Status);
        Assert.Equal("0", (await CallAsync(Logs, Frame(log, isCompressed))).Status);
        Assert.Equal("0", (await CallAsync(Metrics, Frame(metric, isCompressed))).Status);

        Assert.Equal(1, _store.Traces.Counts.Items);
        Assert.Equal(1, _store.Logs.Counts.Items);
        Assert.Equal(1, _store.Metrics.Counts.Items);
    }

    [Fact]
    public async Task WrongKey_IsUnauthenticated_AndSaysWhatToSet()
    {
        var (status, message) = await CallAsync(Traces, Frame(Messages.Request("r", "s", Messages.Span(1, 2)).ToArray(), isCompressed: false), key: "another");

        Assert.Equal("16", status);
        Assert.Contains("OTEL_EXPORTER_OTLP_HEADERS", message, StringComparison.Ordinal);
        Assert.Equal(0, _store.Traces.Counts.Items);
    }

    public static TheoryData<string, byte[], string> Hostile() => new()
    {
        { "nothing", [], "3" },
        { "half a frame's head", [0, 0, 0], "3" },
        { "less than the frame says", [0, 0, 0, 0, 9, 1, 2], "3" },
        { "more than the frame says", [0, 0, 0, 0, 1, 0, 0, 0], "3" },
        { "two frames", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "3" },
        { "a frame that says four gigabytes", [0, 255, 255, 255, 255, 1], "8" },
        { "an unknown flag", [7, 0, 0, 0, 0], "3" },
        { "what is no gzip", [1, 0, 0, 0, 3, 1, 2, 3], "3" },
        { "what is no message", [0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF], "3" },
        { "zeros that unpack to more than the limit", Frame(new byte[16 * 1024 * 1024], isCompressed: true), "8" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task HostileCall_IsRefused_AndTheNextOneIsTaken(string what, byte[] body, string status)
    {
        var answer = await CallAsync(Traces, body);

        Assert.True(answer.Status == status, $"{what}: {answer}");
        Assert.Equal("0", (await CallAsync(Traces, Frame(Messages.Request("r", "s", Messages.Span(1, 2)).ToArray(), isCompressed: false))).Status);
    }

    [Fact]
    public async Task OtherContentType_IsRefused()
    {
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _client.PostAsync(new Uri(Traces, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    private static byte[] Frame(byte[] message, bool isCompressed)
    {
        if (isCompressed)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(message);
            message = packed.ToArray();
        }

        var head = new byte[5];
        head[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), message.Length);
        return [.. head, .. message];
    }

    private async Task<(string? Status, string Message)> CallAsync(string service, byte[] body, string key = Key)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, service) { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("x-otlp-api-key", key);
        request.Headers.Add("grpc-encoding", "gzip");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsByteArrayAsync();
        var fields = answer.TrailingHeaders.Contains("grpc-status") ? answer.TrailingHeaders : answer.Headers;
        return (fields.GetValues("grpc-status").Single(), fields.TryGetValues("grpc-message", out var message) ? Uri.UnescapeDataString(message.Single()) : "");
    }
}
