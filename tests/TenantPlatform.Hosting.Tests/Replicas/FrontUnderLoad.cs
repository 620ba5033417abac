using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>
/// For a load tool: <c>TenantPlatform.Hosting.Tests front 2</c> runs that many replicas, prints the address in front and that of
/// each replica, and goes on until its standard input ends. Then, for example, <c>wrk -t1 -c16 -d10s --latency ADDRESS/ledger</c>.
/// </summary>
internal static class FrontUnderLoad
{
    public static async Task<int> RunAsync(string count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProject<ReplicaProject>("service").WithArgs("replica").WithHttpEndpoint().WithHttpHealthCheck("/health")
            .WithReplicas(int.Parse(count, CultureInfo.InvariantCulture));
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        foreach (var id in Enumerable.Range(1, int.Parse(count, CultureInfo.InvariantCulture)).Select(n => $"service-{n}"))
        {
            await ReplicaAddress.WaitHealthyAsync(app, id, limit.Token);
            Console.WriteLine($"{id} {ReplicaAddress.Of(app, id)}");
        }

        Console.WriteLine($"front {app.GetEndpoint("service", "http").ToString().TrimEnd('/')}");
        await Console.In.ReadToEndAsync(CancellationToken.None);
        return 0;
    }
}
