using Cache.Core.Valkey;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>A process with the cache before an <see cref="Origin"/>, on time that a test moves.</summary>
public sealed class CacheHost : IAsyncDisposable
{
    private readonly IHost _host;

    private readonly TimeProvider _time;

    private CacheHost(IHost host, Origin origin, TimeProvider time) => (_host, Origin, _time, Client) = (host, origin, time, host.GetTestClient());

    public Origin Origin { get; }

    public FakeTimeProvider Time => _time as FakeTimeProvider ?? throw new InvalidOperationException("The test runs on the system's time.");

    public HttpClient Client { get; }

    public static async Task<CacheHost> StartAsync(Action<HttpCacheOptions>? configure = null, ICacheClient? l2 = null, Origin? origin = null, TimeProvider? time = null, Endpoint? endpoint = null)
    {
        origin ??= new Origin();
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var host = await new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services =>
            {
                services.AddSingleton(time);
                if (l2 is not null)
                    services.AddSingleton(l2);
                services.AddHttpCache(configure);
            })
            .Configure(app =>
            {
                app.Use((context, next) =>
                {
                    context.SetEndpoint(endpoint);
                    return next(context);
                });
                app.UseHttpCache();
                app.Run(origin.HandleAsync);
            })).StartAsync();
        return new CacheHost(host, origin, time);
    }

    public Task<Answer> GetAsync(string path = "/a", params (string Name, string Value)[] fields) => SendAsync(HttpMethod.Get, path, fields);

    public async Task<Answer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] fields) => await Answer.ReadAsync(await OpenAsync(method, path, fields));

    /// <summary>Sends a request and returns as soon as the head is there.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        HttpRequestMessage request = new(method, path);
        foreach (var (name, value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Lets time pass, for as many seconds.</summary>
    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A date as HTTP writes it, so many seconds from now.</summary>
    public string Date(double seconds = 0) => Time.GetUtcNow().AddSeconds(seconds).ToString("r");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }
}
