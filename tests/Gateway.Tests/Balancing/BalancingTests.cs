using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Balancing;

/// <summary>Several origins of one cluster, of which one fails. Nothing is cached, so that each request needs an answer.</summary>
public sealed class BalancingTests : IAsyncLifetime
{
    private Origin _one = null!;
    private Origin _other = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _one = await Origin.StartAsync();
        _other = await Origin.StartAsync();
        _gateway = new GatewayHost(
            ("ReverseProxy:Routes:all:ClusterId", "all"),
            ("ReverseProxy:Routes:all:Match:Path", "/{**path}"),
            ("ReverseProxy:Routes:all:Metadata:Cache", "off"),
            ("ReverseProxy:Clusters:all:HttpRequest:ActivityTimeout", "00:00:02"),
            ("ReverseProxy:Clusters:all:Destinations:one:Address", _one.Address.ToString()),
            ("ReverseProxy:Clusters:all:Destinations:other:Address", _other.Address.ToString()));
        _gateway.Client.Timeout = TimeSpan.FromSeconds(60);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Killed_NoRequestFails_AndTheDeadOneIsLeftOut()
    {
        await _one.DisposeAsync();
        for (var n = 0; n < 20; n++)
            Assert.Equal(200, (await SendAsync(n % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, $"/{n}")).Status);
        Assert.Equal(20, _other.Count);
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("OPTIONS", 200)]
    [InlineData("POST", 502)]
    [InlineData("DELETE", 502)]
    public async Task KilledWithinARequest_OnlyASafeOneIsSentAgain(string method, int expected)
    {
        // Whichever is asked first dies; the other one answers.
        var asked = 0;
        foreach (var origin in new[] { _one, _other })
        {
            origin.Answer = (context, number) =>
            {
                if (Interlocked.Increment(ref asked) > 1)
                    return Origin.TextAsync(context, number);
                context.Abort();
                return Task.CompletedTask;
            };
        }

        Assert.Equal(expected, (await SendAsync(new HttpMethod(method), "/a")).Status);
        Assert.Equal(expected == 200 ? 2 : 1, asked);
    }

    [Fact]
    public async Task Frozen_AReadIsAnsweredByAnother_AndThoseAfterItAreNotHeldUp()
    {
        var frozen = 0;
        foreach (var origin in new[] { _one, _other })
        {
            origin.Answer = (context, number) => Interlocked.CompareExchange(ref frozen, 1, 0) == 0
                ? Task.Delay(Timeout.Infinite, context.RequestAborted)
                : Origin.TextAsync(context, number);
        }

        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "/a")).Status);
        Assert.Equal(2, _one.Count + _other.Count);
    }

    [Fact]
    public async Task BrokenOffWithinTheAnswer_ItIsNotSentAgain()
    {
        foreach (var origin in new[] { _one, _other })
        {
            origin.Answer = static async (context, _) =>
            {
                // More than is held back on the way.
                context.Response.ContentLength = 2_000_000;
                await context.Response.WriteAsync(new string('x', 1_000_000));
                await context.Response.Body.FlushAsync();
                context.Abort();
            };
        }

        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(HttpMethod.Get, "/a"));
        Assert.Equal(1, _one.Count + _other.Count);
    }

    [Fact]
    public async Task AllFail_TheFailureIsTold_AndOnceTheyAreBackTheyAreAsked()
    {
        static Task Abort(HttpContext context, int number)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        (_one.Answer, _other.Answer) = (Abort, Abort);
        Assert.Equal(502, (await SendAsync(HttpMethod.Get, "/a")).Status);
        Assert.Equal((1, 1), (_one.Count, _other.Count));
        _one.Says();
        _other.Says();
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "/a")).Status);
    }

    [Fact]
    public async Task LeastRequests_WhoIsBusy_IsNotAsked()
    {
        TaskCompletionSource busy = new(), goOn = new();
        var first = 0;
        foreach (var origin in new[] { _one, _other })
        {
            origin.Answer = async (context, number) =>
            {
                if (Interlocked.CompareExchange(ref first, 1, 0) == 0)
                {
                    busy.SetResult();
                    await goOn.Task;
                }

                await Origin.TextAsync(context, number);
            };
        }

        var slow = SendAsync(HttpMethod.Get, "/slow");
        await busy.Task.WaitAsync(TimeSpan.FromSeconds(30));
        for (var n = 0; n < 4; n++)
            await SendAsync(HttpMethod.Get, "/a");
        goOn.SetResult();
        await slow;
        Assert.Equal([1, 4], new[] { _one.Count, _other.Count }.Order());
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path)
    {
        using HttpRequestMessage request = new(method, path);
        return await Answer.ReadAsync(await _gateway.Client.SendAsync(request));
    }
}
