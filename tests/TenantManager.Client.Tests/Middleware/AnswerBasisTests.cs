using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Middleware;

/// <summary>What an answer tells about its basis, and to whom.</summary>
public sealed class AnswerBasisTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _tenant = Configs.NewTenant();
    private FakeTenantManager _manager = null!;

    public async Task InitializeAsync() => _manager = await FakeTenantManager.CreateAsync();

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task Answer_InDevelopment_TellsRevisionSourceAndProcess()
    {
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
        await using var host = await ConsumerHost.StartAsync(_manager);

        using var first = await host.GetAsync(_tenant);
        using var second = await host.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("7", Header(first, "X-Tenant-Revision"));
        Assert.Equal("fetch", Header(first, "X-Cache-Source"));
        Assert.Equal("7", Header(second, "X-Tenant-Revision"));
        Assert.Equal("l1", Header(second, "X-Cache-Source"));
        Assert.Equal($"{Environment.ProcessId}", Header(second, "X-Process-Id"));
    }

    [Fact]
    public async Task Refusal_InDevelopment_TellsTheDenialsRevision()
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Json(new { code = "0131", status = "suspended", revision = 9 }) with { Status = HttpStatusCode.Forbidden });
        await using var host = await ConsumerHost.StartAsync(_manager);

        using var response = await host.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("9", Header(response, "X-Tenant-Revision"));
    }

    /// <summary>The suspension that it is refused for came after the configuration that was looked up, and says nothing about that one.</summary>
    [Fact]
    public async Task Refusal_BecauseNobodyCouldSayBetter_TellsNoRevision()
    {
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
        var revoked = new RevokesAndFails();
        await using var host = await ConsumerHost.StartAsync(_manager, services: services => services.AddSingleton<ITenantDatabaseInitializer>(revoked));
        revoked.Revocations = host.Services.GetRequiredService<Revocations>();

        using var response = await host.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(Header(response, "X-Tenant-Revision"));
        Assert.Null(Header(response, "X-Cache-Source"));
        Assert.Equal($"{Environment.ProcessId}", Header(response, "X-Process-Id"));
    }

    [Fact]
    public async Task Answer_OutsideDevelopment_TellsNothing()
    {
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
        await using var host = await ConsumerHost.StartAsync(_manager, environment: "Production");

        using var response = await host.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key is "X-Tenant-Revision" or "X-Cache-Source" or "X-Process-Id");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>While the pool is being opened the tenant is suspended, and its database cannot be used.</summary>
    private sealed class RevokesAndFails : ITenantDatabaseInitializer
    {
        public Revocations Revocations { get; set; } = null!;

        public Task InitializeAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
        {
            Revocations.Add(tenant);
            throw new InvalidOperationException("The database cannot be used.");
        }
    }
}
