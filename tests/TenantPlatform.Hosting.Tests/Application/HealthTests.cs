using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>Whose word decides whether a resource is healthy.</summary>
public sealed class HealthTests : DescribedApplication
{
    [Fact]
    public async Task WithHealthCheck_DecidesWhenTheResourceIsHealthy()
    {
        var answer = HealthCheckResult.Unhealthy("not yet");
        Builder.Services.AddHealthChecks().AddCheck("own", () => answer);
        Builder.AddExecutable("worker", "sleep", ".", "60").WithHealthCheck("own");
        var app = await StartAsync();
        await Eventually.HoldsAsync("the check's word is shown", () => Now(app, "worker").HealthReports.Any(report => report is { Name: "own", Description: "not yet" }));
        Assert.Equal(HealthStatus.Unhealthy, Now(app, "worker").HealthStatus);

        answer = HealthCheckResult.Healthy();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("worker", Limit.Token);
    }

    [Fact]
    public async Task WithHttpHealthCheck_OfAResourceAndOfAnExternalService_GoesByTheStatus()
    {
        var status = 503;
        await using var server = WebApplication.CreateSlimBuilder().Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/alive" ? Volatile.Read(ref status) : 404;
            return Task.CompletedTask;
        });
        await server.StartAsync(Limit.Token);
        Builder.AddExecutable("web", "sleep", ".", "60").WithHttpEndpoint(port: new Uri(server.Urls.First()).Port).WithHttpHealthCheck("/alive", 204);
        Builder.AddExternalService("shop", server.Urls.First()).WithHttpHealthCheck("/alive", 204);
        var app = await StartAsync();
        foreach (var name in new[] { "web", "shop" })
            await Eventually.HoldsAsync($"{name} is unhealthy", () => Now(app, name).HealthStatus == HealthStatus.Unhealthy);

        Volatile.Write(ref status, 204);

        foreach (var name in new[] { "web", "shop" })
            await app.ResourceNotifications.WaitForResourceHealthyAsync(name, Limit.Token);
    }
}
