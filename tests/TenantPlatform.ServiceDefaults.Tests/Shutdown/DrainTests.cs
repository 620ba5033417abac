using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.Shutdown;

/// <summary>A service that has been told to end, over real connections.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ending_ServesOnWithoutBeingReady_EndsEachConnection_AndStopsWhenTheTimeIsOver()
    {
        var time = new FakeTimeProvider();
        await using var app = await StartAsync(time, "5");
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/work"));

        var ended = app.StopAsync();
        await Eventually.HoldsAsync("Not ready", async () => (await GetAsync(client, "/health/ready")).Status == HttpStatusCode.ServiceUnavailable);
        await Eventually.HoldsAsync("The time runs", () => Task.FromResult(time.IsTiming(TimeSpan.FromSeconds(5))));
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal((HttpStatusCode.OK, true), await GetAsync(client, "/work"));
        Assert.Equal((HttpStatusCode.OK, true), await GetAsync(client, "/health/live"));
        Assert.False(ended.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(0.2));
        await ended.WaitAsync(Limit);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/work", UriKind.Relative)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    public async Task Ending_WithoutATimeToDrain_StopsAtOnce(string? seconds)
    {
        await using var app = await StartAsync(new FakeTimeProvider(), seconds);

        await app.StopAsync().WaitAsync(Limit);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("301")]
    [InlineData("5s")]
    public void Settings_NoSecondsUpTo300_AreRefusedByName(string seconds)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["SHUTDOWN_DRAIN_SEC"] = seconds;

        var refused = Assert.Throws<InvalidOperationException>(() => builder.AddServiceDefaults());

        Assert.Equal($"SHUTDOWN_DRAIN_SEC is '{seconds}': give whole seconds from 0 to 300, or leave it out for 0.", refused.Message);
    }

    private static async Task<WebApplication> StartAsync(TimeProvider time, string? seconds)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["SHUTDOWN_DRAIN_SEC"] = seconds;
        builder.Services.AddSingleton(time);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work", () => "done");
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, bool? EndsConnection)> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, response.Headers.ConnectionClose);
    }
}
