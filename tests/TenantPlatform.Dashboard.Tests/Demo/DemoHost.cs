using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Dashboard;
using TenantPlatform.TestKit;

namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>The dashboard over a made-up application.</summary>
internal sealed class DemoHost : IAsyncDisposable
{
    private DemoHost(DashboardServer server, DemoApplication application) => (Server, Application) = (server, application);

    public DashboardServer Server { get; }

    public DemoApplication Application { get; }

    public static async Task<DemoHost> StartAsync(int port = 0, bool isAnonymous = true, bool isEmpty = false)
    {
        var application = await DemoApplication.CreateAsync(isEmpty);
        var server = new DashboardServer(
            new DashboardOptions { Port = port, AllowAnonymous = isAnonymous, ApplicationName = "TenantPlatform" },
            application.Model,
            application.Notifications,
            application.Logs,
            application.Commands,
            TimeProvider.System,
            mapMore: routes => new DemoTelemetry(isEmpty).Map(routes));
        await server.StartAsync(CancellationToken.None);
        if (isEmpty)
            return new DemoHost(server, application);
        await HearAsync(server, application.WriteFirst());
        await application.WriteAsync();
        return new DemoHost(server, application);
    }

    // The lines come in the order in which they are written once the dashboard listens to everybody.
    private static async Task HearAsync(DashboardServer server, IReadOnlyList<string> names)
    {
        using var client = new HttpClient();
        await client.GetAsync(server.LoginAddress);
        foreach (var name in names)
            await Eventually.HoldsAsync($"the dashboard hears {name}", async () => (await client.GetStringAsync(new Uri(server.Address, $"/api/logs/{name}"))).Contains(name, StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
