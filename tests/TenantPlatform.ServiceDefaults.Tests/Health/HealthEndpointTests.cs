using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.ServiceDefaults.Tests.Health;

public sealed class HealthEndpointTests
{
    [Fact]
    public async Task Live_WhateverIsIll_Answers200()
    {
        var (status, body) = await GetAsync("/health/live", checks => checks.AddCheck("postgres", () => HealthCheckResult.Unhealthy(), ["ready"]));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"Healthy","checks":{}}""", body);
    }

    [Fact]
    public async Task Ready_OneCheckDegraded_Answers200AndSaysWhich()
    {
        var (status, body) = await GetAsync("/health/ready", checks => checks
            .AddCheck("redis", () => HealthCheckResult.Degraded("cache unreachable"), ["ready"])
            .AddCheck("postgres", () => HealthCheckResult.Healthy(), ["ready"])
            .AddCheck("other", () => HealthCheckResult.Unhealthy("not a readiness check")));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"status":"Degraded","checks":{"redis":{"status":"Degraded","description":"cache unreachable"},"postgres":{"status":"Healthy"}}}""", body);
    }

    [Fact]
    public async Task Ready_CheckThrowsWithSecret_Answers503WithoutIt()
    {
        var (status, body) = await GetAsync(
            "/health/ready",
            checks => checks.AddCheck("postgres", () => throw new InvalidOperationException("Password=hunter2"), ["ready"]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.DoesNotContain("hunter2", body, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_CheckHangs_Answers503InTime()
    {
        var (status, _) = await GetAsync("/health/ready", checks => checks.AddAsyncCheck(
            "redis",
            async cancellationToken =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return HealthCheckResult.Healthy();
            },
            ["ready"])).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, Action<IHealthChecksBuilder> addChecks)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.AddServiceDefaults();
        addChecks(builder.Services.AddHealthChecks());
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        using var response = await app.GetTestClient().GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
