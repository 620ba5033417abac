using System.Net;
using System.Net.Http.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Middleware;

/// <summary>What a process would answer a tenant on, told to those who have the key.</summary>
public sealed class TenantBasisTests(ValkeyFixture valkey, PostgresFixture postgres) : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Key = "diagnostics-key-of-the-tests";
    private readonly string _tenant = Configs.NewTenant();
    private FakeTenantManager _manager = null!;

    public async Task InitializeAsync() => _manager = await FakeTenantManager.CreateAsync();

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task Basis_BeforeAndAfterARequest_IsTheManagerAndThenL1()
    {
        await using var host = await StartAsync();
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));

        Assert.Equal(new TenantBasis { Tenant = _tenant, Service = Configs.Service, Source = "manager" }, await AskAsync(host));
        Assert.Empty(_manager.Calls);
        Assert.Equal(200, await host.StatusAsync(_tenant));

        Assert.Equal(
            new TenantBasis { Tenant = _tenant, Service = Configs.Service, Source = "l1", Outcome = "found", Revision = 7, Status = "active" }, await AskAsync(host));
        Assert.Single(_manager.Calls);
    }

    [Fact]
    public async Task Basis_OfWhatAnotherProcessFetched_IsL2_AndFillsNothing()
    {
        await using var other = await StartAsync();
        await using var host = await StartAsync();
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
        await other.Configs.GetTenantConfigAsync(TenantId.Parse(_tenant), Configs.Service);

        Assert.Equal(("l2", 7L), ((await AskAsync(host)).Source, (await AskAsync(host)).Revision));
        Assert.Null(host.Configs.Peek(TenantId.Parse(_tenant), Configs.Service));
    }

    [Fact]
    public async Task Basis_OfADeniedTenant_IsTheManager_BecauseItWouldBeAsked()
    {
        await using var host = await StartAsync();
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        Assert.Equal(403, await host.StatusAsync(_tenant));

        Assert.Equal("manager", (await AskAsync(host)).Source);
    }

    /// <summary>A pod that reaches nobody serves on, and whoever looks for the reason must see on what.</summary>
    [Fact]
    public async Task Basis_OfAnEntryPastItsTime_TellsTheRevisionThatIsServedWhileNobodyAnswers()
    {
        var time = new FakeTimeProvider();
        await using var host = await ConsumerHost.StartAsync(
            _manager, settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_DIAGNOSTICS_KEY"] = Key }, time: time, environment: "Production");
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
        Assert.Equal(200, await host.StatusAsync(_tenant));
        Assert.Null((await AskAsync(host)).StaleRevision);
        _manager.Override = FakeAnswer.Error(HttpStatusCode.ServiceUnavailable);

        time.Advance(TimeSpan.FromHours(1));

        var basis = await AskAsync(host);
        Assert.Equal(("manager", null, 7), (basis.Source, basis.Revision, basis.StaleRevision));
        var served = host.StatusAsync(_tenant);
        await Eventually.HoldsAsync("it is served on that", () =>
        {
            // Between the attempts to reach the tenant-manager.
            time.Advance(TimeSpan.FromSeconds(1));
            return served.IsCompleted;
        });
        Assert.Equal(200, await served);

        await host.Configs.InvalidateConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        Assert.Null((await AskAsync(host)).StaleRevision);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("diagnostics-key-of-the-test")]
    [InlineData("diagnostics-key-of-the-testt")]
    public async Task Basis_WithoutTheKey_Is401(string? key)
    {
        await using var host = await StartAsync();

        using var response = await SendAsync(host, _tenant, key);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain(Key, host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Basis_OfNoTenantId_Is400()
    {
        await using var host = await StartAsync();

        using var response = await SendAsync(host, "a%3Ab", Key);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Basis_WhereNoKeyIsSet_IsNotThere(string environment)
    {
        await using var host = await ConsumerHost.StartAsync(_manager, environment: environment);

        using var response = await SendAsync(host, _tenant, Key);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Task<ConsumerHost> StartAsync() => ConsumerHost.StartAsync(
        _manager, valkey, new(StringComparer.Ordinal) { ["MULTI_TENANT_DIAGNOSTICS_KEY"] = Key }, environment: "Production");

    private async Task<TenantBasis> AskAsync(ConsumerHost host)
    {
        using var response = await SendAsync(host, _tenant, Key);
        return (await response.Content.ReadFromJsonAsync<TenantBasis>(ContractJson.Options))!;
    }

    private static async Task<HttpResponseMessage> SendAsync(ConsumerHost host, string tenant, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, TenantBasis.Path(tenant));
        if (key is not null)
            request.Headers.TryAddWithoutValidation(WireHeaders.ApiKey, key);
        return await host.Http.SendAsync(request);
    }
}
