using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace Crm.Api.Tests.Hosting;

/// <summary>A ledger on a real port that answers as a test says. Safe for concurrent use.</summary>
public sealed class FakeLedger : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Path, string Authorization)> _calls = new();

    private FakeLedger(WebApplication app, Uri address)
    {
        (_app, Address) = (app, address);
        _app.Run(AnswerAsync);
    }

    public Uri Address { get; }

    public IReadOnlyCollection<(string Path, string Authorization)> Calls => _calls;

    public static async Task<FakeLedger> StartAsync()
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        var ledger = new FakeLedger(builder.Build(), address);
        await ledger._app.StartAsync();
        return ledger;
    }

    /// <summary>What is answered about an account; unset, the ledger does not know it.</summary>
    public void Set(Guid account, Func<HttpContext, Task> answer) => _answers[account.ToString()] = answer;

    /// <summary>The account is there.</summary>
    public void Add(Guid account) => Set(account, context => context.Response.WriteAsJsonAsync(new { id = account, alias = "@known", assetCode = "BRL", type = "deposit", name = "Ignored" }));

    public static Func<HttpContext, Task> Error(int status, string code) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { code, title = "x", message = "x" });
    };

    public int CallsAbout(Guid account) => _calls.Count(call => call.Path.EndsWith(account.ToString(), StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        _calls.Enqueue((context.Request.Path, context.Request.Headers.Authorization.ToString()));
        var account = context.Request.Path.Value!.Split('/')[^1];
        return (_answers.TryGetValue(account, out var answer) ? answer : Error(404, "0007"))(context);
    }
}
