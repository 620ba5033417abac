using TenantPlatform.Hosting.Running;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A front before services in this process, all healthy at first.</summary>
internal sealed class FrontHarness : IAsyncDisposable
{
    private readonly PortReservation _port = PortReservation.Take();
    private readonly ReplicaFront _front;

    private FrontHarness(IReadOnlyList<ReplicaService> services)
    {
        Services = services;
        Pool = new ReplicaPool("service", services.Select(service => new ReplicaTarget(service.Id, service.Port)), TimeProvider.System);
        foreach (var service in services)
            Pool.SetHealthy(service.Id, isHealthy: true);
        _front = new ReplicaFront(Pool, _port.Port);
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port.Port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public IReadOnlyList<ReplicaService> Services { get; }

    public ReplicaPool Pool { get; }

    public HttpClient Client { get; }

    public int Port => _port.Port;

    public static async Task<FrontHarness> StartAsync(int replicas)
    {
        var services = new List<ReplicaService>();
        for (var n = 1; n <= replicas; n++)
            services.Add(await ReplicaService.StartAsync($"service-{n}"));
        var harness = new FrontHarness(services);
        await harness._front.StartAsync(CancellationToken.None);
        return harness;
    }

    /// <summary>How often an endpoint was called at all services together.</summary>
    public int Calls(string key) => Services.Sum(service => service.Calls(key));

    public Task StopFrontAsync() => _front.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _front.DisposeAsync();
        foreach (var service in Services)
            await service.DisposeAsync();
        _port.Dispose();
    }
}
