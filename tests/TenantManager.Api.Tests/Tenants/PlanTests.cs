using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Tenants;

/// <summary>A tenant's plan, name and metadata: given, told, changed, announced and written down.</summary>
[Collection(ManagerCollection.Name)]
public sealed class PlanTests(ManagerHost host)
{
    [Fact]
    public async Task Tenant_IsOnThePlanThatItWasGiven_OrOnTheStandardOne_AndItsServicesAreTold()
    {
        var (standard, config) = await host.CreateAssociatedAsync();
        var premium = await host.SendAsync(HttpMethod.Post, "/v1/tenants", new
        {
            name = "Acme Ltd",
            slug = $"acme-{Guid.NewGuid():N}",
            environment = "test",
            isolation = "isolated",
            owner = new { email = "a@b.example" },
            tier = "premium",
        });

        Assert.Equal("standard", config.GetProperty("tier").GetString());
        Assert.Equal("standard", Text((await ShowAsync(standard)).Body, "tier"));
        Assert.Equal("premium", Text((await ShowAsync(KeyExtensions.Text(premium, "id"))).Body, "tier"));
    }

    [Fact]
    public async Task Change_MovesTheRevision_TellsTheServices_IsAnnounced_AndAudited_ByFieldsWithoutValues()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        await using var listener = await EventListener.StartAsync(host.Valkey.ConnectionString, "test");
        var revision = config.GetProperty("revision").GetInt64();

        var changed = await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}", new { tier = "premium", metadata = new { contract = "secret-4711" } });

        Assert.True(changed.Status == 200, changed.Body.ToString());
        Assert.Equal(("premium", revision + 1, "Acme Ltd"), (Text(changed.Body, "tier"), changed.Body.GetProperty("revision").GetInt64(), Text(changed.Body, "name")));
        Assert.Equal("secret-4711", changed.Body.GetProperty("metadata").GetProperty("contract").GetString());
        var told = (await host.ConnectionsAsync(tenant)).Body;
        Assert.Equal(("premium", revision + 1), (Text(told, "tier"), told.GetProperty("revision").GetInt64()));
        await Eventually.HoldsAsync("it is announced", () => listener.TypesOf(tenant).Contains("tenant.updated"));
        var line = (await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}&limit=1")).Body.GetProperty("items")[0];
        Assert.Equal(("tenant.updated", "active", revision, revision + 1), (Text(line, "action"), Text(line, "statusAfter"), line.GetProperty("revisionBefore").GetInt64(), line.GetProperty("revisionAfter").GetInt64()));
        Assert.Equal(["tier", "metadata"], line.GetProperty("changed").EnumerateArray().Select(field => field.GetString()));
        Assert.DoesNotContain("4711", line.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_ToWhatIsThereAlready_ChangesNothing()
    {
        var tenant = await host.CreateTenantAsync();
        var before = await ShowAsync(tenant);

        var again = await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}", new { name = "Acme Ltd", tier = "standard", metadata = new { } });

        Assert.Equal(before.Body.ToString(), again.Body.ToString());
        Assert.Equal(1, (await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}")).Body.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("{}", "body")]
    [InlineData("{\"tier\":\"gold\"}", "tier")]
    [InlineData("{\"tier\":\"Premium\"}", "tier")]
    [InlineData("{\"name\":\" \"}", "name")]
    [InlineData("{\"metadata\":{\"\":\"x\"}}", "metadata")]
    [InlineData("{\"metadata\":{\"a\\u0000b\":\"x\"}}", "metadata")]
    public async Task WrongChange_Is400_NamingTheField_AndChangesNothing(string body, string field)
    {
        var tenant = await host.CreateTenantAsync();

        var refused = await host.SendRawAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}", body);

        Assert.Equal((400, "0009"), (refused.Status, refused.Code));
        Assert.True(refused.Body.GetProperty("fields").TryGetProperty(field, out _), refused.Body.ToString());
        Assert.Equal(1, (await ShowAsync(tenant)).Body.GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task Change_OfNobody_Is404_AndOfAWrongField_Is400()
    {
        Assert.Equal((404, "TENANT_NOT_FOUND"), Pair(await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{Guid.NewGuid():N}", new { tier = "free" })));
        Assert.Equal((400, "0094"), Pair(await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{Guid.NewGuid():N}", new { status = "active" })));

        static (int, string?) Pair(Answer answer) => (answer.Status, answer.Code);
    }

    private Task<Answer> ShowAsync(string tenant) => host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}");

    private static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();
}
