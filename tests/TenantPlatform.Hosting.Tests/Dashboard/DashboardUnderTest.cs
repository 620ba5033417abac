using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Hosting.Dashboard;
using TenantPlatform.Hosting.Telemetry;
using TenantPlatform.Hosting.Telemetry.Api;

namespace TenantPlatform.Hosting.Tests.Dashboard;

/// <summary>A dashboard over a small model, with the real telemetry store behind it.</summary>
internal sealed class DashboardUnderTest : IAsyncDisposable
{
    /// <summary>A value that must never be sent.</summary>
    public const string Secret = "correct-horse-battery-staple";

    private readonly ServiceProvider _services;

    private DashboardUnderTest(DashboardServer server, ServiceProvider services, IResource web, Task hung) => (Server, _services, Web, Hung) = (server, services, web, hung);

    public DashboardServer Server { get; }

    public IResource Web { get; }

    /// <summary>Completes when the command <c>hang</c> was begun, which never ends.</summary>
    public Task Hung { get; }

    public ResourceNotificationService Notifications => _services.GetRequiredService<ResourceNotificationService>();

    public ResourceLoggerService Logs => _services.GetRequiredService<ResourceLoggerService>();

    public static async Task<DashboardUnderTest> StartAsync(DashboardOptions? options = null)
    {
        var hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = DistributedApplicationTestingBuilder.Create($"--Parameters:key={Secret}");
        var key = builder.AddParameter("key", secret: true);
        builder.AddParameter("admin-password", Secret);
        var valkey = builder.AddValkey("valkey");
        var web = builder.AddExecutable("web", "true", ".").WithHttpEndpoint().WithReference(valkey).WaitFor(valkey)
            .WithEnvironment("API_KEY", key).WithEnvironment("GREETING", "hello").WithEnvironment("DSN", $"postgres://app:{Secret}@localhost/app")
            .WithEnvironment("ADMIN_TOKEN", $"{Secret}:{key}")
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success()))
            .WithCommand("sulk", "Sulk", _ => throw new InvalidOperationException("it will not"))
            .WithCommand("hang", "Hang", _ =>
            {
                hung.TrySetResult();
                return new TaskCompletionSource<ExecuteCommandResult>().Task;
            });
        var services = new ServiceCollection()
            .AddSingleton(new DistributedApplicationModel(builder.Resources))
            .AddSingleton(provider => new ResourceNotificationService(provider))
            .AddSingleton(_ => new ResourceLoggerService())
            .BuildServiceProvider();
        var server = new DashboardServer(
            options ?? new DashboardOptions(),
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceLoggerService>(),
            new ResourceCommandService(services),
            TimeProvider.System,
            more => more.AddTelemetry(),
            routes => routes.MapGroup("/api/telemetry").MapTelemetryApi());
        await server.StartAsync(CancellationToken.None);
        var dashboard = new DashboardUnderTest(server, services, web.Resource, hung.Task);
        await dashboard.Notifications.PublishUpdateAsync(web.Resource, now => now with { State = "Running" });
        return dashboard;
    }

    /// <summary>A client that follows no redirect, logged in or not.</summary>
    public async Task<HttpClient> ClientAsync(bool isLoggedIn = true)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Server.Address };
        if (isLoggedIn)
            (await client.GetAsync(Server.LoginAddress)).Dispose();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _services.DisposeAsync();
    }
}
