using Cache.Core.Valkey;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cache.Core.AspNetCore.Tests.OutputCaching;

/// <summary>A process that renders one page, <c>/page</c>, which the output cache keeps under two tags.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly HttpClient _client;
    private readonly Renderer _renderer;

    private PageHost(IHost host, Renderer renderer)
    {
        (_host, _renderer, _client) = (host, renderer, host.GetTestClient());
        Store = host.Services.GetRequiredService<IOutputCacheStore>();
    }

    public IOutputCacheStore Store { get; }

    public int Rendered => _renderer.Count;

    /// <summary>Runs while a page is rendered.</summary>
    public Func<Task>? WhileRendering
    {
        set => _renderer.Meanwhile = value;
    }

    public static async Task<PageHost> StartAsync(ICacheClient valkey, bool isRegisteredFirst = true)
    {
        var renderer = new Renderer();
        var host = await new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services =>
            {
                services.AddSingleton(valkey);
                services.AddRouting();
                if (isRegisteredFirst)
                    services.AddTieredOutputCache();
                services.AddOutputCache(options => options.AddPolicy("tagged", policy => policy.Expire(TimeSpan.FromHours(1)).Tag("products", "shoes")));
                if (!isRegisteredFirst)
                    services.AddTieredOutputCache();
            })
            .Configure(app => app
                .UseRouting()
                .UseOutputCache()
                .UseEndpoints(endpoints => endpoints.MapGet("/page", renderer.RenderAsync).CacheOutput("tagged")))).StartAsync();
        return new PageHost(host, renderer);
    }

    public Task<string> GetAsync() => _client.GetStringAsync(new Uri("/page", UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Renderer
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Func<Task>? Meanwhile { get; set; }

        public async Task<string> RenderAsync()
        {
            var number = Interlocked.Increment(ref _count);
            if (Meanwhile is { } meanwhile)
                await meanwhile();
            return $"page {number}";
        }
    }
}
