using System.Globalization;
using TenantPlatform.Hosting.Running;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>
/// For <c>eng/measure-front</c>: <c>TenantPlatform.Hosting.Tests front PORT PORT</c> puts the address of <c>WithReplicas</c> in front
/// of what listens on those ports, prints it, and goes on until its standard input ends.
/// </summary>
internal static class FrontUnderLoad
{
    public static async Task<int> RunAsync(IEnumerable<string> ports)
    {
        var replicas = ports.Select(port => new ReplicaTarget($"service-{port}", int.Parse(port, CultureInfo.InvariantCulture), TimeProvider.System)).ToList();
        var pool = new ReplicaPool("service", replicas);
        foreach (var replica in replicas)
            pool.SetHealthy(replica.Id, isHealthy: true);
        using var port = PortReservation.Take();
        await using var front = new ReplicaFront(pool, port.Port, readsRequests: true, TimeProvider.System);
        front.Start();
        Console.WriteLine($"http://127.0.0.1:{port.Port}");
        await Console.In.ReadToEndAsync(CancellationToken.None);
        return 0;
    }
}
