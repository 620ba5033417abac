using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>Bad input: the documented status and body, and nothing written.</summary>
[Collection(ManagerCollection.Name)]
public sealed class BadInputTests(ManagerHost host)
{
    [Theory]
    [InlineData("{", 400, "0094", null)]
    [InlineData("null", 400, "0094", null)]
    [InlineData("[]", 400, "0094", null)]
    [InlineData("{\"name\":1}", 400, "0094", "name")]
    [InlineData("{\"nam\":\"x\"}", 400, "0094", "nam")]
    [InlineData("{\"name\":\"x\",\"name\":\"y\"}", 400, "0094", null)]
    [InlineData("{}", 400, "0009", "name")]
    [InlineData("{\"name\":\"\",\"environment\":\"test\",\"isolation\":\"isolated\",\"owner\":{\"email\":\"a@b\"}}", 400, "0009", "name")]
    [InlineData("{\"name\":\"x\",\"slug\":\"Not A Slug\",\"environment\":\"test\",\"isolation\":\"isolated\",\"owner\":{\"email\":\"a@b\"}}", 400, "0009", "slug")]
    [InlineData("{\"name\":\"x\",\"environment\":\"test\",\"isolation\":\"cupboard\",\"owner\":{\"email\":\"a@b\"}}", 400, "0009", "isolation")]
    [InlineData("{\"name\":\"x\",\"environment\":\"test\",\"isolation\":\"isolated\",\"owner\":{\"email\":\"nobody\"}}", 400, "0009", "owner.email")]
    public async Task CreateTenant_WithABadBody_IsRefusedByName(string body, int status, string code, string? field)
    {
        var tenants = await host.CountAsync("tenants");

        var answer = await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        if (field is not null)
            Assert.Contains(field, answer.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(tenants, await host.CountAsync("tenants"));
    }

    [Theory]
    [InlineData("a:b")]
    [InlineData("a%2Fb")]
    [InlineData("..%2F..")]
    [InlineData("%C3%A7")]
    [InlineData("-a")]
    [InlineData("{00000000-0000-0000-0000-000000000000}")]
    [InlineData("urn:uuid:00000000-0000-0000-0000-000000000000")]
    public async Task TenantId_OutsideTheAlphabet_Is400(string id)
    {
        var answer = await host.ConnectionsAsync(id);

        Assert.Equal((400, "INVALID_TENANT"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task TenantId_Of300Characters_Is400() =>
        Assert.Equal("INVALID_TENANT", (await host.ConnectionsAsync(new string('a', 300))).Code);

    [Theory]
    [InlineData("Ledger")]
    [InlineData("-ledger")]
    [InlineData("led_ger")]
    [InlineData("l%22r")]
    public async Task Service_WithAnInvalidName_Is400(string service) =>
        Assert.Equal("INVALID_SERVICE", (await host.ConnectionsAsync(Guid.NewGuid().ToString("N"), service)).Code);

    [Theory]
    [InlineData("{\"isolationMode\":\"none\"}", "isolationMode")]
    [InlineData("{\"isolationMode\":\"isolated\",\"maxOpenConns\":0}", "maxOpenConns")]
    [InlineData("{\"isolationMode\":\"isolated\",\"maxIdleConns\":51}", "maxIdleConns")]
    public async Task Associate_WithABadBody_MakesNothing(string body, string field)
    {
        var tenant = await host.CreateTenantAsync();

        var answer = await host.SendRawAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger", body);

        Assert.Equal((400, "0009"), (answer.Status, answer.Code));
        Assert.True(answer.Body.GetProperty("fields").TryGetProperty(field, out _));
        Assert.Equal(404, (await host.ConnectionsAsync(tenant)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invalidation_WithABadReason_IsRefused_HoweverTheBodyTravels(bool isChunked)
    {
        var tenant = await host.CreateTenantAsync();

        async Task<(int, string?)> InvalidateAsync(string reason)
        {
            var answer = await host.SendRawAsync(
                HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/invalidate", $"{{\"reason\":\"{reason}\"}}", isChunked: isChunked);
            return (answer.Status, answer.Code);
        }

        Assert.Equal((400, "0009"), await InvalidateAsync(new string('x', 257)));
        Assert.Equal((400, "0009"), await InvalidateAsync("a\\nb"));
        Assert.Equal((202, null), await InvalidateAsync("told by support"));
    }

    [Fact]
    public async Task UnknownPath_Is404_WithABody() =>
        Assert.Equal("NOT_FOUND", (await host.SendAsync(HttpMethod.Get, "/v1/nothing/here")).Code);
}
