using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantManager.Contracts.Configuration;

namespace TenantPlatform.TestKit;

/// <summary>
/// A tenant-manager on a real port that answers as a test says and counts what it was asked. Unknown tenants are 404,
/// a wrong or missing API key is 401. Safe for concurrent use.
/// </summary>
public sealed class FakeTenantManager : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, FakeAnswer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeCall> _calls = new();
    private readonly ConcurrentQueue<FakeCall> _feedCalls = new();
    private WebApplication? _app;
    private CancellationTokenSource _outage = new();

    private FakeTenantManager(int port) => Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>Where it answers; stays the same over <see cref="StopAsync"/> and <see cref="StartAsync()"/>.</summary>
    public Uri Address { get; }

    /// <summary>The key that callers must send as <c>X-API-Key</c>.</summary>
    public string ApiKey { get; } = $"fake-key-{Guid.NewGuid():N}";

    /// <summary>Every request so far, in order of arrival.</summary>
    public IReadOnlyCollection<FakeCall> Calls => _calls;

    /// <summary>The questions to the change feed, which are not among the <see cref="Calls"/>.</summary>
    public IReadOnlyCollection<FakeCall> FeedCalls => _feedCalls;

    /// <summary>The change feed; <see langword="null"/>: there is none (404), as with Go's tenant-manager.</summary>
    public FakeFeed? Feed { get; set; }

    /// <summary>When set, replaces every answer: an outage of the whole service.</summary>
    public FakeAnswer? Override { get; set; }

    /// <summary>Starts one on a free port.</summary>
    public static async Task<FakeTenantManager> CreateAsync()
    {
        var fake = new FakeTenantManager(FreePort.Next());
        await fake.StartAsync();
        return fake;
    }

    /// <summary>Starts answering again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        if (_app is not null)
            return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        _outage = new CancellationTokenSource();
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    /// <summary>Stops answering: connections are refused, and requests under way are cut.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _outage.CancelAsync();
        using var limit = new CancellationTokenSource(StopLimit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _outage.Dispose();
        _app = null;
    }

    /// <summary>Sets what is answered to the call for a tenant's connections.</summary>
    public void SetConnections(string tenant, string service, FakeAnswer answer) => Set("GET", ConnectionsPath(tenant, service), answer);

    /// <summary>Likewise, a configuration.</summary>
    public void SetConnections(string tenant, string service, TenantConfig config) => SetConnections(tenant, service, FakeAnswer.Config(config));

    /// <summary>Sets what is answered to any call.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">Path and query, exactly.</param>
    /// <param name="answer">The answer.</param>
    public void Set(string method, string path, FakeAnswer answer) => _answers[$"{method} {path}"] = answer;

    /// <summary>How often a tenant's connections were asked for.</summary>
    public int ConnectionCalls(string tenant, string service) => Count("GET", ConnectionsPath(tenant, service));

    /// <summary>How often a path was called.</summary>
    public int Count(string method, string path) => _calls.Count(call => call.Method == method && call.Path == path);

    /// <summary>Forgets the calls so far.</summary>
    public void ClearCalls() => _calls.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _outage.Dispose();
    }

    private static string ConnectionsPath(string tenant, string service) => $"/v1/tenants/{tenant}/associations/{service}/connections";

    private async Task AnswerAsync(HttpContext context)
    {
        var call = await ReadAsync(context.Request);
        (IsFeed(call) ? _feedCalls : _calls).Enqueue(call);
        var answer = Override ?? Choose(call);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _outage.Token);
        try
        {
            await answer.Gate.WaitAsync(ended.Token);
            await Task.Delay(answer.Delay, ended.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            return;
        }

        if (answer.Aborts)
            context.Abort();
        else
            await WriteAsync(context, call, answer);
    }

    private static bool IsFeed(FakeCall call) => call.Path.StartsWith($"{ChangeFeed.Path}?", StringComparison.Ordinal);

    private FakeAnswer Choose(FakeCall call)
    {
        if (!call.Headers.TryGetValue(WireHeaders.ApiKey, out var key) || key != ApiKey)
            return FakeAnswer.Error(System.Net.HttpStatusCode.Unauthorized);
        if (IsFeed(call))
            return Feed?.Answer(call) ?? FakeAnswer.NotFound();
        return _answers.TryGetValue($"{call.Method} {call.Path}", out var answer) ? answer : FakeAnswer.NotFound();
    }

    private static async Task<FakeCall> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new FakeCall(request.Method, $"{request.Path.ToUriComponent()}{request.QueryString}", headers, body);
    }

    private static async Task WriteAsync(HttpContext context, FakeCall call, FakeAnswer answer)
    {
        if (answer.ETag is { } tag)
        {
            context.Response.Headers.ETag = tag;
            if (call.Headers.TryGetValue("If-None-Match", out var known) && known == tag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        context.Response.StatusCode = (int)answer.Status;
        if (answer.Body is not { } body)
            return;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
