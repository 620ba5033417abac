using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.Telemetry;

/// <summary>Takes OTLP over HTTP and keeps what was sent. Names and values are readable in the protobuf bytes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Headers, string Body)> _received = new();

    private OtlpReceiver(int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var headers = string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            _received.Enqueue((context.Request.Path, headers, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public Uri Address { get; }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver(FreePort.Next());
        await receiver._app.StartAsync();
        return receiver;
    }

    public string Bodies(string path) => string.Join('\n', _received.Where(item => item.Path == path).Select(item => item.Body));

    public string Headers(string path) => string.Join('\n', _received.Where(item => item.Path == path).Select(item => item.Headers));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
