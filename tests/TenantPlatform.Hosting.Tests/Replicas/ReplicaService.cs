using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A service to have replicas of. Runs in the test's process, or as <c>TenantPlatform.Hosting.Tests replica</c>.</summary>
internal sealed class ReplicaService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private int _healthStatus = 200;

    private ReplicaService(string[] args, string id)
    {
        Id = id;
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseWebSockets();
        Map(_app);
    }

    public string Id { get; }

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Completes when a request to <c>/endless</c> was given up by its caller.</summary>
    public TaskCompletionSource Abandoned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Calls(string key) => _calls.GetValueOrDefault(key);

    public static async Task<int> RunAsync(string[] args)
    {
        await using var service = new ReplicaService(args, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        await service._app.StartAsync();
        Console.WriteLine(service._app.Urls.Single());
        await service._app.WaitForShutdownAsync();
        return 0;
    }

    public static async Task<ReplicaService> StartAsync(string id)
    {
        var service = new ReplicaService(["--urls", "http://127.0.0.1:0"], id);
        await service._app.StartAsync();
        return service;
    }

    /// <summary>The same bytes for the same length.</summary>
    public static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.MapGet("/", () => "hello");
        app.MapGet("/health", () => Results.StatusCode(Volatile.Read(ref _healthStatus)));
        app.MapPost("/health/{status:int}", (int status) => Volatile.Write(ref _healthStatus, status));
        app.MapGet("/id", () => Id);
        app.MapGet("/calls/{key}", (string key) => Calls(key));
        app.MapPost("/calls/{key}", (string key) => _calls.AddOrUpdate(key, 1, (_, count) => count + 1));
        app.MapPost("/calls/{key}/cut", (string key, HttpContext context) => Cut(key, context));
        app.MapGet("/calls/{key}/cut", (string key, HttpContext context) => Cut(key, context));
        app.MapPut("/calls/{key}/cut", async (string key, HttpContext context) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            Cut(key, context);
        });
        app.MapPost("/hash", async (HttpContext context) =>
            await context.Response.WriteAsync(Convert.ToHexStringLower(await SHA256.HashDataAsync(context.Request.Body))));
        app.MapPost("/echo", (HttpContext context) => context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter));
        app.MapGet("/bytes/{length:int}", async (int length, bool chunked, HttpContext context) =>
        {
            context.Response.ContentLength = chunked ? null : length;
            await context.Response.Body.WriteAsync(Bytes(length), context.RequestAborted);
        });
        app.MapGet("/head", Head);
        app.MapGet("/broken", async (HttpContext context) =>
        {
            await context.Response.Body.WriteAsync(new byte[100_000]);
            context.Abort();
        });
        app.MapGet("/endless", EndlessAsync);
        app.MapGet("/socket", EchoSocketAsync);
        app.MapGet("/upgrade", UpgradeAsync);
        MapLedgerLike(app);
    }

    private void Cut(string key, HttpContext context)
    {
        _calls.AddOrUpdate(key, 1, (_, count) => count + 1);
        context.Abort();
    }

    /// <summary>What arrived: the request line's target, then each header field.</summary>
    private static string Head(HttpContext context)
    {
        context.Response.Headers["X-Own"] = "passed";
        context.Response.Headers["X-Hop"] = "not passed";
        context.Response.Headers.Connection = "X-Hop";
        context.Response.Headers.SetCookie = new(["a=1", "b=2"]);
        var text = new StringBuilder().AppendLine(context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        foreach (var (name, value) in context.Request.Headers)
            text.Append(name).Append(": ").AppendLine(value.ToString());
        return text.ToString();
    }

    /// <summary>One event, and none after it until the caller leaves.</summary>
    private async Task EndlessAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: first\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Abandoned.TrySetResult();
        }
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("echo");
        var buffer = new byte[1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (message.CloseStatus is { } status)
            {
                await socket.CloseAsync(status, message.CloseStatusDescription, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
    }

    private static async Task UpgradeAsync(HttpContext context)
    {
        context.Response.Headers.Upgrade = "shout";
        await using var stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        var buffer = new byte[1024];
        var count = await stream.ReadAsync(buffer, context.RequestAborted);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(buffer, 0, count).ToUpperInvariant()), context.RequestAborted);
    }

    /// <summary>What a page of ledger entries costs a service: it reads a token's claims, sums, and writes some kilobytes of JSON.</summary>
    private static void MapLedgerLike(IEndpointRouteBuilder app) => app.MapGet("/ledger", (HttpContext context) =>
    {
        var signature = HMACSHA256.HashData("a key of the service"u8, Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()));
        var items = Enumerable.Range(1, 20).Select(n => new LedgerLine(
            new Guid(MD5Of(signature, n)), "asset", "USD", n * 100.25m, DateTimeOffset.UnixEpoch.AddDays(n), $"Account number {n} of the tenant")).ToArray();
        return Results.Json(new LedgerPage(items, items.Sum(item => item.Amount), Convert.ToHexString(signature)), LedgerJson.Default.LedgerPage);
    });

    private static byte[] MD5Of(byte[] seed, int n) => SHA256.HashData([.. seed, (byte)n])[..16];
}
