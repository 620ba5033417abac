using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using TenantPlatform.FaultProxy.Tests.Sockets;

namespace TenantPlatform.FaultProxy.Tests.Control;

/// <summary>The whole service with its real HTTP endpoint, in this process.</summary>
internal sealed class ProxyUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProxyUnderTest(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public static async Task<ProxyUnderTest> StartAsync(string links)
    {
        var app = FaultProxyHost.Build(["--urls", "http://127.0.0.1:0", "--FAULTPROXY_LINKS", links]);
        await app.StartAsync();
        return new ProxyUnderTest(app);
    }

    public Task StopAsync() => _app.StopAsync();

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<Wire> ConnectAsync(string link) =>
        await Wire.ConnectAsync(IPEndPoint.Parse((await GetAsync($"/links/{link}")).GetProperty("listen").GetString()!));

    public async Task<(HttpStatusCode Status, JsonElement Body)> PutFaultAsync(string link, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await ReadAsync(await Http.PutAsync(new Uri($"/links/{link}/fault", UriKind.Relative), content));
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> DeleteAsync(string path) =>
        await ReadAsync(await Http.DeleteAsync(new Uri(path, UriKind.Relative)));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
