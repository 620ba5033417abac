using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TenantPlatform.Hosting.Telemetry;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Telemetry;

public sealed class OtlpEndpointTests
{
    private static readonly byte[] Trace = Messages.Request("ledger", "scope", Messages.Span(1, 2)).ToArray();

    [Fact]
    public async Task Post_OfProtobuf_IsAnsweredWithEmptyProtobuf()
    {
        await using var host = await TelemetryHost.StartAsync();

        using var response = await host.PostAsync("traces", Trace);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-protobuf", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(new OtlpCounts(1, 0, 0), host.Receiver.Counts);
    }

    [Fact]
    public async Task Post_OfGzip_IsUnpacked()
    {
        await using var host = await TelemetryHost.StartAsync();

        using var response = await host.PostAsync("traces", Zip(Trace), encoding: "gzip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, host.Store.Traces.Counts.Items);
    }

    [Fact]
    public async Task Post_OfJson_IsRefusedAndSaysWhatToSet()
    {
        await using var host = await TelemetryHost.StartAsync();

        using var response = await host.PostAsync("traces", "{}"u8.ToArray(), type: "application/json");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(new OtlpCounts(0, 0, 1), host.Receiver.Counts);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("the key", HttpStatusCode.OK)]
    public async Task Post_WhereAKeyIsSet_NeedsIt(string? key, HttpStatusCode expected)
    {
        await using var host = await TelemetryHost.StartAsync(new TelemetryOptions { ApiKey = "the key" });

        using var response = await host.PostAsync("traces", Trace, key: key);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, host.Store.Traces.Counts.Items);
    }

    [Fact]
    public async Task Post_OfMoreThanTheLimit_IsRefused()
    {
        await using var host = await TelemetryHost.StartAsync();

        using var plain = await host.PostAsync("logs", new byte[(4 * 1024 * 1024) + 1]);
        using var bomb = await host.PostAsync("logs", Zip(new byte[200 * 1024 * 1024]), encoding: "gzip");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, plain.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bomb.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Post_OfABrokenOrUnknownEncoding_IsRefused(string encoding)
    {
        await using var host = await TelemetryHost.StartAsync();

        using var response = await host.PostAsync("metrics", Encoding.UTF8.GetBytes("this is not compressed"), encoding: encoding);

        Assert.Equal(encoding == "gzip" ? HttpStatusCode.BadRequest : HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("traces")]
    [InlineData("logs")]
    [InlineData("metrics")]
    public async Task Post_OfABrokenMessage_IsA400AndCounted(string kind)
    {
        await using var host = await TelemetryHost.StartAsync();

        using var response = await host.PostAsync(kind, [0x0A, 0xFF, 0xFF, 0x03, 0x00]);
        using var good = await host.PostAsync(kind, Messages.Request("r", "s").ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("longer than the message", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(new OtlpCounts(1, 1, 0), host.Receiver.Counts);
    }

    [Fact]
    public async Task Post_ThatNeverEnds_IsGivenUpAndOthersAreServed()
    {
        var time = new FakeTimeProvider();
        var limits = new OtlpLimits { MaxConcurrentMessages = 1 };
        await using var host = await TelemetryHost.StartAsync(new TelemetryOptions { Otlp = limits }, time);
        using var sender = new TcpClient();
        await sender.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = sender.GetStream();
        await stream.WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nbegin"u8.ToArray());
        await Eventually.HoldsAsync("it is being read", () => time.IsTiming(limits.ReadLimit));
        time.Advance(limits.ReadLimit);

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        using var next = await host.PostAsync("traces", Trace);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(new OtlpCounts(1, 0, 1), host.Receiver.Counts);
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
            zip.Write(bytes);
        return packed.ToArray();
    }
}
