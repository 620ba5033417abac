using TenantPlatform.Hosting.Running;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A front before services in this process, all healthy at first.</summary>
internal sealed class FrontHarness : IAsyncDisposable
{
    private readonly PortReservation _port = PortReservation.Take();
    private readonly ReplicaFront _front;

    private FrontHarness(IEnumerable<(string Id, int Port)> replicas, TimeProvider clock, bool readsRequests)
    {
        var targets = replicas.Select(replica => new ReplicaTarget(replica.Id, replica.Port, clock)).ToList();
        Pool = new ReplicaPool("service", targets);
        foreach (var target in targets)
            Pool.SetHealthy(target.Id, isHealthy: true);
        _front = new ReplicaFront(Pool, _port.Port, readsRequests, clock);
        _front.Start();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port.Port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public IReadOnlyList<ReplicaService> Services { get; private init; } = [];

    public ReplicaPool Pool { get; }

    public HttpClient Client { get; }

    public int Port => _port.Port;

    public static async Task<FrontHarness> StartAsync(int replicas, TimeProvider? clock = null)
    {
        var services = new List<ReplicaService>();
        for (var n = 1; n <= replicas; n++)
            services.Add(await ReplicaService.StartAsync($"service-{n}"));
        return new FrontHarness(services.Select(service => (service.Id, service.Port)), clock ?? TimeProvider.System, readsRequests: true) { Services = services };
    }

    /// <summary>Before replicas that the caller owns.</summary>
    public static FrontHarness Before(TimeProvider? clock, params ReadOnlySpan<ScriptedReplica> replicas) =>
        new([.. replicas.ToArray().Select((replica, n) => ($"scripted-{n}", replica.Port))], clock ?? TimeProvider.System, readsRequests: true);

    /// <summary>Likewise, and the bytes of connections pass unread.</summary>
    public static FrontHarness BeforeUnread(params ReadOnlySpan<int> ports) =>
        new([.. ports.ToArray().Select(port => ($"port-{port}", port))], TimeProvider.System, readsRequests: false);

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
