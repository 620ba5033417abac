using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Hosting;

/// <summary>The gateway as it runs, before an origin on a real port.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    public const string PurgeKey = "purge-key-0123456789";
    private readonly WebApplicationFactory<Program> _factory;

    public GatewayHost(params (string Name, string? Value)[] settings)
    {
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment("Development").UseUrls("http://127.0.0.1:0");

            // The servers are there: a busy machine that pauses for seconds is no outage.
            foreach (var name in new[] { "CACHE_DIAL_TIMEOUT", "CACHE_READ_TIMEOUT", "CACHE_WRITE_TIMEOUT" })
                web.UseSetting(name, "60s");
            foreach (var (name, value) in settings)
                web.UseSetting(name, value);
        });
    }

    public HttpClient Client => field ??= _factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>Lets it listen on a real port, which is its address; not after <see cref="Client"/>.</summary>
    public Uri Listen()
    {
        _factory.UseKestrel();
        _factory.StartServer();
        return new Uri(_factory.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>Before this origin, with <c>POST /purge</c>; over this Valkey, if any.</summary>
    public static GatewayHost Before(Origin origin, string? valkey = null) =>
        new(("Gateway:Origin", origin.Address.ToString()), ("Gateway:PurgeKey", PurgeKey), ("ConnectionStrings:valkey", valkey), ("ENV_NAME", "test"));

    public async Task<Answer> GetAsync(string path, params (string Name, string Value)[] fields)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        foreach (var (name, value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Answer.ReadAsync(await Client.SendAsync(request));
    }

    public async Task<Answer> PurgeAsync(string json, string? key = PurgeKey)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/purge") { Content = new StringContent(json) };
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        return await Answer.ReadAsync(await Client.SendAsync(request));
    }

    /// <summary>Asks until the answer is a hit: it is stored a moment after it was given.</summary>
    public Task<Answer> GetHitAsync(string path, params (string Name, string Value)[] fields) =>
        TenantPlatform.TestKit.Eventually.BecomesAsync($"a hit of {path}", () => GetAsync(path, fields), static answer => answer.XCache == "HIT");

    public async ValueTask DisposeAsync() => await _factory.DisposeAsync();
}
