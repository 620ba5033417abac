using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace Gateway.Tests.Hosting;

/// <summary>An origin on a real port. By default it answers with how often it was asked, fresh for an hour. Safe for concurrent use.</summary>
public sealed class Origin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _count;

    private Origin(WebApplication app, Uri address)
    {
        (_app, Address) = (app, address);
        _app.Run(context => Answer(context, Interlocked.Increment(ref _count)));
    }

    public Uri Address { get; }

    public int Count => Volatile.Read(ref _count);

    public Func<HttpContext, int, Task> Answer { get; set; } = static (context, number) => TextAsync(context, number, ("Cache-Control", "max-age=3600"));

    public static async Task<Origin> StartAsync()
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        var origin = new Origin(builder.Build(), address);
        await origin._app.StartAsync();
        return origin;
    }

    public void Says(params (string Name, string Value)[] fields) => Answer = (context, number) => TextAsync(context, number, fields);

    public static Task TextAsync(HttpContext context, int number, params (string Name, string Value)[] fields)
    {
        foreach (var (name, value) in fields)
            context.Response.Headers.Append(name, value);
        return context.Response.WriteAsync(number.ToString(CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }
}
