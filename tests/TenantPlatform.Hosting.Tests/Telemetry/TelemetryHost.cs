using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantPlatform.Hosting.Telemetry;
using TenantPlatform.Hosting.Telemetry.Api;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>The receiver and the API on a real server with a port of its own.</summary>
internal sealed class TelemetryHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TelemetryHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public TelemetryStore Store => _app.Services.GetRequiredService<TelemetryStore>();

    public OtlpReceiver Receiver => _app.Services.GetRequiredService<OtlpReceiver>();

    public static async Task<TelemetryHost> StartAsync(TelemetryOptions? options = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.AddTelemetry(options);
        var app = builder.Build();
        app.MapOtlp();
        app.MapGroup("/api").MapTelemetryApi();
        await app.StartAsync();
        return new TelemetryHost(app);
    }

    public async Task<HttpResponseMessage> PostAsync(string kind, byte[] body, string type = "application/x-protobuf", string? encoding = null, string? key = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{kind}") { Content = content };
        if (key is not null)
            request.Headers.Add("x-otlp-api-key", key);
        return await Client.SendAsync(request);
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri($"/api/{path}", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
