using System.Net;
using System.Text.Json;
using TenantPlatform.Hosting.Running;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>Which replica is asked, and what is asked twice.</summary>
public sealed class SpreadTests
{
    [Fact]
    public async Task Requests_OfOneConnection_AreSpreadEvenly()
    {
        await using var front = await FrontHarness.StartAsync(3);

        var answers = new List<string>();
        for (var i = 0; i < 30; i++)
            answers.Add(await front.Client.GetStringAsync("/id"));

        Assert.Equal([10, 10, 10], answers.CountBy(id => id, StringComparer.Ordinal).Select(count => count.Value));
    }

    [Fact]
    public async Task UnhealthyReplica_IsNotAsked_UntilItIsHealthyAgain()
    {
        await using var front = await FrontHarness.StartAsync(2);
        front.Pool.SetHealthy("service-1", isHealthy: false);
        for (var i = 0; i < 6; i++)
            Assert.Equal("service-2", await front.Client.GetStringAsync("/id"));

        front.Pool.SetHealthy("service-1", isHealthy: true);

        Assert.NotEqual(await front.Client.GetStringAsync("/id"), await front.Client.GetStringAsync("/id"));
    }

    [Fact]
    public async Task BusyReplica_IsAskedAfterIdleOnes()
    {
        await using var front = await FrontHarness.StartAsync(2);
        using var endless = await front.Client.GetAsync("/endless", HttpCompletionOption.ResponseHeadersRead);

        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 6; i++)
            answers.Add(await front.Client.GetStringAsync("/id"));

        Assert.Single(answers);
    }

    [Fact]
    public async Task NoneHealthy_Is503_AndSaysSo()
    {
        await using var front = await FrontHarness.StartAsync(1);
        front.Pool.SetHealthy("service-1", isHealthy: false);

        using var response = await front.Client.GetAsync("/id");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("FRONT-0001", body.RootElement.GetProperty("code").GetString());
        Assert.Equal("No healthy replica", body.RootElement.GetProperty("title").GetString());
        Assert.Contains("'service'", body.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WhoseConnectionIsCut_IsAskedOfOneOtherReplica()
    {
        await using var front = await FrontHarness.StartAsync(3);
        var failed = await front.Client.GetAsync("/calls/get/cut");

        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        Assert.Equal(2, front.Calls("get"));
    }

    [Fact]
    public async Task Get_OfAReplicaThatIsGone_IsAnsweredByAnother()
    {
        await using var front = await FrontHarness.StartAsync(2);
        await front.Services[0].DisposeAsync();

        for (var i = 0; i < 6; i++)
            Assert.Equal("service-2", await front.Client.GetStringAsync("/id"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a body")]
    public async Task Post_WhoseConnectionIsCut_IsNeverSentTwice(string? body)
    {
        await using var front = await FrontHarness.StartAsync(3);

        // Connections that were used before: those are what a client would send again on.
        for (var i = 0; i < 6; i++)
            await front.Client.GetStringAsync("/id");
        for (var n = 1; n <= 6; n++)
        {
            using var content = body is null ? null : new StringContent(body);
            using var response = await front.Client.PostAsync("/calls/post/cut", content);

            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Contains("not sent again", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(n, front.Calls("post"));
            for (var i = 0; i < 3; i++)
                await front.Client.GetStringAsync("/id");
        }
    }

    [Fact]
    public async Task Put_WhoseBodyWasRead_IsNotSentTwice()
    {
        await using var front = await FrontHarness.StartAsync(3);

        using var response = await front.Client.PutAsync("/calls/put/cut", new StringContent("a body"));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, front.Calls("put"));
    }

    [Fact]
    public void UnreachableReplica_IsSetAside_ButBetterThanNone()
    {
        var clock = new FakeTimeProvider();
        var one = new ReplicaTarget("one", 1, clock);
        var two = new ReplicaTarget("two", 2, clock);
        var pool = new ReplicaPool("service", [one, two]);
        pool.SetHealthy("one", isHealthy: true);
        pool.SetHealthy("two", isHealthy: true);
        one.SetAside();

        Assert.Equal([two, two, two], new[] { pool.Enter(), pool.Enter(), pool.Enter() });
        Assert.Equal(one, pool.Enter(two));
        Assert.Null(pool.Enter(one, two));
    }
}
