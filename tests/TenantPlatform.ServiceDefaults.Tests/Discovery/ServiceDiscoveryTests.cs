using System.Net;

namespace TenantPlatform.ServiceDefaults.Tests.Discovery;

public sealed class ServiceDiscoveryTests
{
    private readonly StubHandler _network = StubHandler.Always(HttpStatusCode.OK);

    [Theory]
    [InlineData("http://tenant-manager/v1/tenants?x=%2F", "http://127.0.0.1:5001/v1/tenants?x=%2F")]
    [InlineData("https+http://tenant-manager/", "http://127.0.0.1:5001/")]
    [InlineData("https+http://both/", "https://127.0.0.1:7002/")]
    [InlineData("http://_admin.ledger/", "http://127.0.0.1:9000/")]
    [InlineData("http://bare/path", "http://127.0.0.1:5003/path")]
    [InlineData("http://example.org:81/path", "http://example.org:81/path")]
    [InlineData("https+http://example.org/path", "https://example.org/path")]
    public async Task Name_Requested_GoesToItsEndpoint(string address, string expected)
    {
        using var client = new ClientUnderTest(
            _network,
            ("services:tenant-manager:http:0", "http://127.0.0.1:5001"),
            ("services:both:http:0", "http://127.0.0.1:5002"),
            ("services:both:https:0", "https://127.0.0.1:7002"),
            ("services:ledger:admin:0", "http://127.0.0.1:9000"),
            ("services:bare:http:0", "127.0.0.1:5003"));

        await client.Client.GetAsync(new Uri(address));

        Assert.Equal(expected, Assert.Single(_network.Addresses));
    }

    [Fact]
    public async Task SeveralEndpoints_Requested_TakeTurns()
    {
        using var client = new ClientUnderTest(
            _network, ("services:ledger:http:0", "http://a:1"), ("services:ledger:http:1", "http://b:2"), ("services:ledger:http:2", "http://c:3"));

        for (var i = 0; i < 6; i++)
            await client.Client.GetAsync(new Uri("http://ledger/"));

        // Whoever is first.
        var asked = _network.Addresses.ToArray();
        Assert.Equal(["http://a:1/", "http://b:2/", "http://c:3/"], asked[..3].Order(StringComparer.Ordinal));
        Assert.Equal(asked[..3], asked[3..]);
    }

    [Fact]
    public async Task BaseAddress_WithTwoSchemes_IsResolved()
    {
        using var client = new ClientUnderTest(_network, ("services:ledger:http:0", "http://a:1"));
        client.Client.BaseAddress = new Uri("https+http://ledger");

        await client.Client.GetAsync(new Uri("/v1/x", UriKind.Relative));

        Assert.Equal("http://a:1/v1/x", Assert.Single(_network.Addresses));
    }
}
