using System.Text;
using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Hosting;

/// <summary>One instance of a service behind both guards, with one handler for all paths.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Instance(WebApplication app, LogCollector logs)
    {
        (_app, Logs) = (app, logs);
        _http = app.GetTestClient();
        _http.Timeout = TimeSpan.FromSeconds(60);
    }

    public LogCollector Logs { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts an instance.</summary>
    /// <param name="handler">What it does.</param>
    /// <param name="valkey">The Valkey that counts; none when null and there is no <paramref name="connection"/>.</param>
    /// <param name="connection">A real one's address.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="isProtected">Whether records are sealed.</param>
    /// <param name="settings">Environment variables.</param>
    public static async Task<Instance> StartAsync(
        RequestDelegate handler,
        ICacheClient? valkey = null,
        string? connection = null,
        TimeProvider? time = null,
        bool isProtected = false,
        params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        var logs = new LogCollector();
        builder.Logging.ClearProviders().AddProvider(logs);

        // The servers are there: a busy machine that pauses for seconds is no outage.
        foreach (var (name, value) in new[] { ("RATE_LIMIT_TIMEOUT_MS", "60000"), ("CACHE_READ_TIMEOUT", "60s"), ("CACHE_WRITE_TIMEOUT", "60s"), ("CACHE_DIAL_TIMEOUT", "60s") }.Concat(settings))
            builder.Configuration[name] = value;
        if (time is not null)
            builder.Services.AddSingleton(time);
        if (valkey is not null)
            builder.Services.AddSingleton(valkey);
        if (connection is not null)
        {
            builder.Configuration["ConnectionStrings:valkey"] = connection;
            builder.Services.AddValkey(builder.Configuration);
        }

        builder.Services.AddSharedRateLimits(builder.Configuration, "test", limits => limits
            .AddTier("standard", "1/10m/5").AddTier("premium", "1/10m/20").AddTier("all", "1/10m/7").AddTier("unlimited", "off").AddTier("fast", "10/1s/4")
            .PartitionBy<HeaderScope>());
        builder.Services.AddIdempotency(builder.Configuration, keys =>
        {
            keys.ScopeBy<HeaderScope>();
            if (isProtected)
                keys.ProtectBy<XorSeal>();
        });
        var app = builder.Build();
        app.UseSharedRateLimits();
        app.UseIdempotency();
        app.Run(handler);
        await app.StartAsync();
        return new Instance(app, logs);
    }

    public async Task<Answer> SendAsync(
        string caller,
        string? key = null,
        string? body = """{"n":1}""",
        HttpMethod? method = null,
        string path = "/things",
        string? tier = "unlimited",
        IEnumerable<(string Name, string Value)>? headers = null,
        string contentType = "application/json",
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path);
        request.Headers.Add(HeaderScope.Caller, caller);
        if (tier is not null)
            request.Headers.Add(HeaderScope.Tier, tier);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-Idempotency", key);
        foreach (var (name, value) in headers ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        using var response = await _http.SendAsync(request, cancellationToken);
        return await Answer.OfAsync(response, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Logs.Dispose();
    }
}
