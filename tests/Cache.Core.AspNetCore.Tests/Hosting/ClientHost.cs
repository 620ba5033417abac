using Cache.Core.AspNetCore.Purging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>A client with the cache, whose server is an <see cref="Origin"/>, on time that a test moves.</summary>
public sealed class ClientHost : IAsyncDisposable
{
    private readonly IHost _server;
    private readonly ServiceProvider _services;

    private ClientHost(IHost server, ServiceProvider services, Origin origin, FakeTimeProvider time) =>
        (_server, _services, Origin, Time, Client) = (server, services, origin, time, services.GetRequiredService<IHttpClientFactory>().CreateClient("test"));

    public Origin Origin { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Client { get; }

    public HttpCachePurger Purger => _services.GetRequiredKeyedService<HttpCachePurger>("test");

    /// <param name="configure">Changes the cache's options.</param>
    /// <param name="beside">What stands between the cache and the server.</param>
    public static async Task<ClientHost> StartAsync(Action<HttpClientCacheOptions>? configure = null, Func<DelegatingHandler>? beside = null)
    {
        Origin origin = new();
        FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var server = await new HostBuilder().ConfigureWebHost(web => web.UseTestServer().Configure(app => app.Run(origin.HandleAsync))).StartAsync();
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(time);
        var builder = services.AddHttpClient("test", static client => client.BaseAddress = new Uri("http://server.example"))
            .ConfigurePrimaryHttpMessageHandler(() => server.GetTestServer().CreateHandler())
            .AddHttpCache(configure);
        if (beside is not null)
            builder.AddHttpMessageHandler(beside);
        return new ClientHost(server, services.BuildServiceProvider(), origin, time);
    }

    public Task<Answer> GetAsync(string path = "/a", params (string Name, string Value)[] fields) => SendAsync(HttpMethod.Get, path, fields);

    public async Task<Answer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        using HttpRequestMessage request = new(method, path);
        foreach (var (name, value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Answer.ReadAsync(await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>Lets time pass, for as many seconds.</summary>
    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
        await _server.StopAsync();
        _server.Dispose();
    }
}
