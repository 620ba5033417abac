using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TenantPlatform.FaultProxy.Tests.Sockets;
using TenantPlatform.TestKit;

namespace TenantPlatform.FaultProxy.Tests.Control;

/// <summary>The HTTP side: what it shows, what it takes, what it refuses.</summary>
public sealed class LinksApiTests : IAsyncLifetime
{
    private readonly TargetServer _target = new();
    private ProxyUnderTest _proxy = null!;

    public async Task InitializeAsync() =>
        _proxy = await ProxyUnderTest.StartAsync($"valkey=127.0.0.1:0->127.0.0.1:{_target.Port};api=localhost:0->http://localhost:{_target.Port}");

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task List_NamesEveryLinkWithStateAndCounters()
    {
        using var wire = await _proxy.ConnectAsync("valkey");
        await wire.EchoAsync("four");
        var links = await _proxy.GetAsync("/links");
        Assert.Equal(["api", "valkey"], links.EnumerateArray().Select(link => link.GetProperty("name").GetString()));
        await Eventually.HoldsAsync("bytes are counted", async () => (await _proxy.GetAsync("/links/valkey")).GetProperty("bytes").GetProperty("toClient").GetInt64() == 4);
        var link = await _proxy.GetAsync("/links/valkey");
        Assert.Equal("passing", link.GetProperty("state").GetString());
        Assert.False(link.TryGetProperty("fault", out _));
        Assert.Equal($"127.0.0.1:{_target.Port}", link.GetProperty("target").GetString());
        Assert.Equal(1, link.GetProperty("connections").GetProperty("open").GetInt32());
        Assert.Equal(1, link.GetProperty("connections").GetProperty("total").GetInt64());
        Assert.Equal(4, link.GetProperty("bytes").GetProperty("toServer").GetInt64());
    }

    [Fact]
    public async Task TargetByNameAndScheme_Passes()
    {
        using var wire = await _proxy.ConnectAsync("api");
        Assert.Equal("hello", await wire.EchoAsync("hello"));
    }

    [Fact]
    public async Task PutAndDelete_BreakAndHealOneLinkOnly()
    {
        using var valkey = await _proxy.ConnectAsync("valkey");
        using var api = await _proxy.ConnectAsync("api");
        await valkey.EchoAsync("x");
        var (status, body) = await _proxy.PutFaultAsync("valkey", """{"kind":"cut","for":"10m"}""");
        Assert.Equal((HttpStatusCode.OK, "cut", false), (status, body.GetProperty("state").GetString(), body.GetProperty("listening").GetBoolean()));
        var fault = body.GetProperty("fault");
        Assert.Equal(TimeSpan.FromMinutes(10), fault.GetProperty("until").GetDateTimeOffset() - fault.GetProperty("since").GetDateTimeOffset());
        Assert.Equal("end", await valkey.EndAsync());
        await Assert.ThrowsAsync<SocketException>(() => _proxy.ConnectAsync("valkey"));
        Assert.Equal("fine", await api.EchoAsync("fine"));

        (status, body) = await _proxy.DeleteAsync("/links/valkey/fault");
        Assert.Equal((HttpStatusCode.OK, "passing"), (status, body.GetProperty("state").GetString()));
        using var again = await _proxy.ConnectAsync("valkey");
        Assert.Equal("back", await again.EchoAsync("back"));
    }

    [Fact]
    public async Task DeleteFaults_HealsAll_AndMayBeRepeated()
    {
        await _proxy.PutFaultAsync("valkey", """{"kind":"blackhole"}""");
        await _proxy.PutFaultAsync("api", """{"kind":"slow","latency":"1.5s","jitter":"20ms","share":0.5,"direction":"toClient"}""");
        var api = (await _proxy.GetAsync("/links/api")).GetProperty("fault");
        Assert.Equal(
            ("slow", "1500ms", "20ms", "toClient", 0.5, "all"),
            (Text(api, "kind"), Text(api, "latency"), Text(api, "jitter"), Text(api, "direction"), api.GetProperty("share").GetDouble(), Text(api, "connections")));
        for (var i = 0; i < 2; i++)
        {
            var (status, body) = await _proxy.DeleteAsync("/faults");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.All(body.EnumerateArray(), link => Assert.Equal("passing", link.GetProperty("state").GetString()));
        }
    }

    [Fact]
    public async Task Health_IsGoodDuringFaultsAndWithoutTarget()
    {
        await _proxy.PutFaultAsync("valkey", """{"kind":"cut"}""");
        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            using var response = await _proxy.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"kind":"slow","latency":"5ms","colour":"red"}""", "BODY_UNREADABLE", "'colour'")]
    [InlineData("""{"kind":"cut","kind":"cut"}""", "BODY_UNREADABLE", "twice")]
    [InlineData("""{"kind":"cut" """, "BODY_UNREADABLE", "JSON")]
    [InlineData("""[]""", "BODY_UNREADABLE", "JSON object")]
    [InlineData("""{}""", "FAULT_INVALID", "'kind' is missing")]
    [InlineData("""{"kind":"none"}""", "FAULT_INVALID", "one of cut, blackhole, halfOpen")]
    [InlineData("""{"kind":"melt"}""", "FAULT_INVALID", "'kind'")]
    [InlineData("""{"kind":7}""", "BODY_UNREADABLE", "'kind'")]
    [InlineData("""{"kind":"slow"}""", "FAULT_INVALID", "'latency' is missing")]
    [InlineData("""{"kind":"slow","latency":"fast"}""", "FAULT_INVALID", "'latency' is not a duration")]
    [InlineData("""{"kind":"slow","latency":"-5ms"}""", "FAULT_INVALID", "'latency' is not a duration")]
    [InlineData("""{"kind":"slow","latency":"9999999999h"}""", "FAULT_INVALID", "'latency'")]
    [InlineData("""{"kind":"slow","latency":"0ms"}""", "FAULT_INVALID", "'latency' must lie between")]
    [InlineData("""{"kind":"slow","latency":"5ms","jitter":"6ms"}""", "FAULT_INVALID", "'jitter' is larger")]
    [InlineData("""{"kind":"cut","latency":"5ms"}""", "FAULT_INVALID", "'latency' does not belong")]
    [InlineData("""{"kind":"blackhole","direction":"toClient"}""", "FAULT_INVALID", "'direction' does not belong")]
    [InlineData("""{"kind":"halfOpen"}""", "FAULT_INVALID", "'direction' is missing")]
    [InlineData("""{"kind":"halfOpen","direction":"both"}""", "FAULT_INVALID", "'direction' has an unknown value")]
    [InlineData("""{"kind":"bandwidth"}""", "FAULT_INVALID", "'bytesPerSecond' is missing")]
    [InlineData("""{"kind":"bandwidth","bytesPerSecond":0}""", "FAULT_INVALID", "'bytesPerSecond' must lie")]
    [InlineData("""{"kind":"bandwidth","bytesPerSecond":"9"}""", "BODY_UNREADABLE", "'bytesPerSecond'")]
    [InlineData("""{"kind":"cut","share":1.5}""", "FAULT_INVALID", "'share'")]
    [InlineData("""{"kind":"cut","share":-0.1}""", "FAULT_INVALID", "'share'")]
    [InlineData("""{"kind":"cut","connections":"mine"}""", "FAULT_INVALID", "'connections'")]
    [InlineData("""{"kind":"cut","for":"0s"}""", "FAULT_INVALID", "'for' must lie")]
    [InlineData("""{"kind":"cut","for":"25h"}""", "FAULT_INVALID", "'for' must lie")]
    public async Task Put_BadBody_IsRefusedByNameAndChangesNothing(string json, string code, string part)
    {
        var (status, body) = await _proxy.PutFaultAsync("valkey", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, Text(body, "code"));
        Assert.NotEmpty(Text(body, "title"));
        Assert.Contains(part, Text(body, "message"), StringComparison.Ordinal);
        Assert.Equal("passing", (await _proxy.GetAsync("/links/valkey")).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("GET", "/links/nobody", 404, "LINK_NOT_FOUND")]
    [InlineData("PUT", "/links/nobody/fault", 404, "LINK_NOT_FOUND")]
    [InlineData("DELETE", "/links/nobody/fault", 404, "LINK_NOT_FOUND")]
    [InlineData("GET", "/nothing", 404, "NOT_FOUND")]
    [InlineData("POST", "/links", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("PUT", "/links/valkey/fault", 400, "BODY_UNREADABLE")]
    public async Task Request_ThatCannotBe_IsExplained(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "PUT")
            request.Content = new StringContent("kind=cut", Encoding.UTF8, "text/plain");
        using var response = await _proxy.Http.SendAsync(request);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((status, code), ((int)response.StatusCode, Text(body, "code")));
        Assert.NotEmpty(Text(body, "message"));
    }

    [Fact]
    public async Task Stop_EndsConnectionsAndFreesThePorts()
    {
        await using var proxy = await ProxyUnderTest.StartAsync($"valkey=127.0.0.1:0->127.0.0.1:{_target.Port}");
        using var wire = await proxy.ConnectAsync("valkey");
        await wire.EchoAsync("x");
        await proxy.StopAsync();
        Assert.Equal("end", await wire.EndAsync());
    }

    private static string Text(JsonElement body, string field) => body.GetProperty(field).GetString()!;
}
