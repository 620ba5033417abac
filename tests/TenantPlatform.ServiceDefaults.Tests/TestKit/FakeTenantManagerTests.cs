using System.Net;
using System.Net.Http.Json;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.TestKit;

public sealed class FakeTenantManagerTests : IAsyncLifetime, IDisposable
{
    private const string Path = "/v1/tenants/acme/associations/ledger/connections";
    private FakeTenantManager _manager = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _client = new HttpClient { BaseAddress = _manager.Address };
        _client.DefaultRequestHeaders.Add("X-API-Key", _manager.ApiKey);
    }

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Connections_AsSet_AreAnsweredCountedAndRevalidated()
    {
        _manager.SetConnections("acme", "ledger", new TenantConfig { Id = "acme", Revision = 7 });

        var config = await _client.GetFromJsonAsync<TenantConfig>(Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { { "If-None-Match", "\"7\"" }, { "Cache-Control", "no-cache" } } };
        using var again = await _client.SendAsync(request);

        Assert.Equal(7, config!.Revision);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(2, _manager.ConnectionCalls("acme", "ledger"));
        Assert.Equal(1, _manager.Calls.Count(call => call.SkipsCache));
    }

    [Fact]
    public async Task WrongKeyAndUnknownTenant_Asked_AreRefused()
    {
        using var unknown = await _client.GetAsync(new Uri(Path, UriKind.Relative));
        _client.DefaultRequestHeaders.Remove("X-API-Key");
        using var keyless = await _client.GetAsync(new Uri(Path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, keyless.StatusCode);
    }

    [Fact]
    public async Task Gate_Closed_HoldsTheAnswerAfterCounting()
    {
        var gate = new TaskCompletionSource();
        _manager.SetConnections("acme", "ledger", FakeAnswer.Denied("suspended") with { Gate = gate.Task });

        var answer = _client.GetAsync(new Uri(Path, UriKind.Relative));
        await Eventually.HoldsAsync("the call arrives", () => _manager.ConnectionCalls("acme", "ledger") == 1);
        Assert.False(answer.IsCompleted);
        gate.SetResult();
        using var response = await answer;

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("\"status\":\"suspended\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outage_ThenStart_RefusesThenAnswersOnTheSameAddress()
    {
        _manager.SetConnections("acme", "ledger", FakeAnswer.Hang());
        var hanging = _client.GetAsync(new Uri(Path, UriKind.Relative));
        await Eventually.HoldsAsync("the call arrives", () => _manager.ConnectionCalls("acme", "ledger") == 1);

        await _manager.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(new Uri(Path, UriKind.Relative)));
        _manager.SetConnections("acme", "ledger", new TenantConfig { Id = "acme" });
        await _manager.StartAsync();

        using var response = await _client.GetAsync(new Uri(Path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
