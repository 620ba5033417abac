using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>
/// For <c>eng/measure-front</c>: <c>TenantPlatform.Hosting.Tests front 2</c> runs that many replicas, prints the address of each and
/// that of the front, and goes on until its standard input ends. The replicas are the tests' own service, or <c>Ledger.Api.dll</c>
/// if its path follows the number.
/// </summary>
internal static class FrontUnderLoad
{
    public static async Task<int> RunAsync(string count, string? ledger)
    {
        var replicas = int.Parse(count, CultureInfo.InvariantCulture);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var builder = DistributedApplicationTestingBuilder.Create();
        if (ledger is null)
            builder.AddProject<ReplicaProject>("service").WithArgs("replica").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(replicas);
        else
            AddLedger(builder, ledger).WithReplicas(replicas);
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        foreach (var id in Enumerable.Range(1, replicas).Select(n => $"service-{n}"))
        {
            await ReplicaAddress.WaitHealthyAsync(app, id, limit.Token);
            Console.WriteLine($"{id} {ReplicaAddress.Of(app, id)}");
        }

        Console.WriteLine($"front {app.GetEndpoint("service", "http").ToString().TrimEnd('/')}");
        Console.WriteLine($"process {Environment.ProcessId}");
        await Console.In.ReadToEndAsync(CancellationToken.None);
        return 0;
    }

    /// <summary>A ledger without what it depends on: it lives, and refuses tenants.</summary>
    private static IResourceBuilder<ProjectResource> AddLedger(IDistributedApplicationBuilder builder, string ledger)
    {
        LedgerProject.Path = Path.GetFullPath(ledger);
        return builder.AddProject<LedgerProject>("service").WithHttpEndpoint().WithHttpHealthCheck("/health/live")
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("ENV_NAME", "local")
            .WithEnvironment("MULTI_TENANT_URL", "http://127.0.0.1:9")
            .WithEnvironment("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")
            .WithEnvironment("MULTI_TENANT_SERVICE_NAME", "ledger")
            .WithEnvironment("MULTI_TENANT_SERVICE_API_KEY", "not-a-key-of-any-service-that-runs")
            .WithEnvironment("AUTH_SIGNING_KEY", "a key for signatures of which none is made in this measurement")
            .WithEnvironment("ConnectionStrings__valkey", "127.0.0.1:9");
    }
}
