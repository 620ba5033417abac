using System.Net;
using Polly.CircuitBreaker;
using Polly.Timeout;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.Resilience;

public sealed class HttpResilienceTests
{
    // Of the standard handler: fewer calls say nothing.
    private const int MinimumThroughput = 100;
    private static readonly Uri Address = new("http://ledger/");

    [Fact]
    public async Task Get_FailingTwice_IsRetriedAtAnotherEndpoint()
    {
        var network = new StubHandler((count, _) => Task.FromResult(count < 3 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        using var client = new ClientUnderTest(network, ("services:ledger:http:0", "http://a:1"), ("services:ledger:http:1", "http://b:2"));

        using var response = await client.AdvanceUntilDoneAsync(client.Client.GetAsync(Address));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var asked = network.Addresses.ToArray();
        Assert.Equal(3, asked.Length);
        Assert.NotEqual(asked[0], asked[1]);
        Assert.Equal(asked[0], asked[2]);
    }

    [Fact]
    public async Task Get_FailingAlways_IsTriedFourTimesAndAnswersTheLast()
    {
        var network = StubHandler.Always(HttpStatusCode.BadGateway);
        using var client = new ClientUnderTest(network);

        using var response = await client.AdvanceUntilDoneAsync(client.Client.GetAsync(Address));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(4, network.Addresses.Count);
    }

    [Theory]
    [InlineData("POST", HttpStatusCode.ServiceUnavailable)]
    [InlineData("PATCH", HttpStatusCode.ServiceUnavailable)]
    [InlineData("GET", HttpStatusCode.NotFound)]
    [InlineData("GET", HttpStatusCode.Forbidden)]
    public async Task UnsafeMethodOrAnswer_Received_IsNotRetried(string method, HttpStatusCode status)
    {
        var network = StubHandler.Always(status);
        using var client = new ClientUnderTest(network);
        using var request = new HttpRequestMessage(new HttpMethod(method), Address);

        using var response = await client.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Single(network.Addresses);
    }

    [Fact]
    public async Task Post_Hanging_EndsAtTheAttemptTimeout()
    {
        var network = new StubHandler(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return HttpStatusCode.OK;
        });
        using var client = new ClientUnderTest(network);
        var call = client.Client.PostAsync(Address, content: null);
        await Eventually.HoldsAsync("the request is under way", () => network.Addresses.Count == 1);

        client.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(call.IsCompleted);
        client.Time.Advance(TimeSpan.FromSeconds(0.2));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => call.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Single(network.Addresses);
    }

    [Fact]
    public async Task Breaker_AfterManyFailures_OpensForThatServiceOnlyAndClosesAgain()
    {
        var status = HttpStatusCode.InternalServerError;
        var network = new StubHandler((_, _) => Task.FromResult(status));
        using var client = new ClientUnderTest(network);
        for (var i = 0; i < MinimumThroughput; i++)
            (await client.Client.PostAsync(Address, content: null)).Dispose();

        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.Client.PostAsync(Address, content: null));
        Assert.Equal(MinimumThroughput, network.Addresses.Count);

        status = HttpStatusCode.OK;
        using var other = await client.Client.PostAsync(new Uri("http://another/"), content: null);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        client.Time.Advance(TimeSpan.FromSeconds(6));
        using var probe = await client.Client.PostAsync(Address, content: null);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }
}
