using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Testing;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>The connections call with <c>If-None-Match</c> (RFC 9110, 13.1.2).</summary>
[Collection(ManagerCollection.Name)]
public sealed class ConditionalTests(ManagerHost host)
{
    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("*")]
    public async Task Connections_OfWhatTheServiceHas_AreNotSentAgain(string header)
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        var tag = (await host.ConnectionsAsync(tenant)).ETag!;

        using var response = await SendAsync(tenant, header.Replace("{0}", tag, StringComparison.Ordinal));

        Assert.Equal(304, (int)response.StatusCode);
        Assert.Equal(tag, response.Headers.ETag!.Tag);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("\"1-00000000\"")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Connections_OfAnythingElse_AreSent(string header)
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        using var response = await SendAsync(tenant, header);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Connections_ThatHaveChanged_AreSent()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        var tag = (await host.ConnectionsAsync(tenant)).ETag!;
        await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}/associations/ledger", new { maxOpenConns = 7 });
        using var response = await SendAsync(tenant, tag);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("{0}")]
    public async Task BoundedDenial_ServiceHasTheConfiguration_IsRefusedAllTheSame(string header)
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        var tag = (await host.ConnectionsAsync(tenant)).ETag!;
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/ledger/suspend");
        using var response = await SendAsync(tenant, header.Replace("{0}", tag, StringComparison.Ordinal));
        Assert.Equal(403, (int)response.StatusCode);
    }

    [Fact]
    public async Task Connections_OfNobody_AreNotFound_WhateverTheServiceHas()
    {
        using var response = await SendAsync("nobody", "*");
        Assert.Equal(404, (int)response.StatusCode);
    }

    [Fact]
    public async Task Connections_AfterTheDatabasesHaveMoved_AreSent()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        var tag = (await host.ConnectionsAsync(tenant)).ETag!;
        await using var moved = host.CreateFactory(settings: [("TENANT_MANAGER_DATABASE_HOST", "elsewhere.example")]);
        using var response = await SendAsync(tenant, tag, moved);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("elsewhere.example", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string tenant, string ifNoneMatch, WebApplicationFactory<Program>? manager = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/connections");
        request.Headers.Add("X-API-Key", ManagerHost.ApiKey);
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        Assert.True(request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch));
        using var client = manager?.CreateClient();
        return await (client ?? host.Anonymous).SendAsync(request);
    }
}
