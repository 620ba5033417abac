using System.Diagnostics;
using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;
using TenantPlatform.EndToEnd.Tests.Evidence;

namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>The running platform: real processes on free ports, with data that is thrown away.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    public const int Pods = 3;

    /// <summary>How often a pod revalidates each connected tenant in these tests.</summary>
    public static readonly TimeSpan RevalidationInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    private readonly string _apiKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
    private DistributedApplication? _app;
    private TenantManager? _tenantManager;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The platform has not started.");

    public TenantManager TenantManager => _tenantManager ?? throw new InvalidOperationException("The platform has not started.");

    public ResourceControl Resources => new(App);

    public IReadOnlyList<LedgerPod> Ledgers { get; private set; } = [];

    public TimeSpan TimeToHealthy { get; private set; }

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        string[] arguments =
        [
            "--Data:Keep=false",
            $"--Parameters:ledger-pods={Pods}",
            $"--Parameters:revalidation-interval={RevalidationInterval.TotalSeconds}",
            "--Parameters:breaker-timeout=1",
            $"--Parameters:service-api-key={_apiKey}",
        ];

        var clock = Stopwatch.StartNew();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.TenantPlatform_AppHost>(arguments, limit.Token);
        _app = await builder.BuildAsync(limit.Token);
        ResourceLogs.Follow(_app);
        await _app.StartAsync(limit.Token);
        foreach (var name in new[] { "valkey", "postgres", "tenant-manager", "links" }.Concat(PodNames()))
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(name, WaitBehavior.StopOnResourceUnavailable, limit.Token);
        TimeToHealthy = clock.Elapsed;

        _tenantManager = new TenantManager(_app.GetEndpoint("tenant-manager", "http"), _apiKey);
        Ledgers = [.. PodNames().Select(OpenPod)];
    }

    public async Task DisposeAsync()
    {
        foreach (var ledger in Ledgers)
            ledger.Dispose();
        _tenantManager?.Dispose();
        if (_app is not null)
        {
            using var limit = new CancellationTokenSource(StopLimit);
            ResourceLogs.Keep();
            await _app.StopAsync(limit.Token);
            await _app.DisposeAsync();
        }
    }

    /// <summary>A connection to the platform's Valkey, as an operator would have.</summary>
    public async Task<ValkeyProbe> OpenValkeyAsync(CancellationToken cancellationToken) =>
        await ValkeyProbe.OpenAsync(
            await App.GetConnectionStringAsync("valkey", cancellationToken)
            ?? throw new InvalidOperationException("The resource 'valkey' has no connection string."));

    /// <summary>A connection to the platform's PostgreSQL, as its administrator would have.</summary>
    public async Task<PostgresProbe> OpenPostgresAsync(CancellationToken cancellationToken) =>
        new(NpgsqlDataSource.Create(
            await App.GetConnectionStringAsync("postgres", cancellationToken)
            ?? throw new InvalidOperationException("The resource 'postgres' has no connection string.")));

    /// <summary>A pod that is not among <see cref="Ledgers"/>: one of the spare ones, once it runs.</summary>
    public LedgerPod OpenPod(string name) => new(name, App.GetEndpoint(name, "http"));

    private static IEnumerable<string> PodNames() => Enumerable.Range(1, Pods).Select(n => $"ledger-{n}");
}
