using System.Security.Cryptography;
using Npgsql;
using StackExchange.Redis;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Alerts;

/// <summary>The running platform with ordinary load, and what drills do it harm by.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>The pools that a pod may have open, few enough to be used up at once.</summary>
    public const int MaxPools = 16;

    /// <summary>What pods are asked by that shall tell what they would answer on.</summary>
    public const string DiagnosticsKey = "runbook-drills-diagnostics";

    private const int Usual = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Scene(RunningPlatform platform, IReadOnlyList<Tenant> tenants, Load load, ConnectionMultiplexer valkey, NpgsqlDataSource postgres) =>
        (Platform, Tenants, Load, Valkey, Postgres) = (platform, tenants, load, valkey, postgres);

    public RunningPlatform Platform { get; }

    /// <summary>The tenants of the ordinary load.</summary>
    public IReadOnlyList<Tenant> Tenants { get; }

    public Load Load { get; }

    /// <summary>Valkey as its operator reaches it, past the links.</summary>
    public ConnectionMultiplexer Valkey { get; }

    /// <summary>PostgreSQL as its administrator reaches it.</summary>
    public NpgsqlDataSource Postgres { get; }

    /// <summary>Begins the load, on each pod by itself or through the gateway, by whose leave a pod can be replaced.</summary>
    public static async Task<Scene> OpenAsync(RunningPlatform platform, bool throughGateway, CancellationToken cancellationToken)
    {
        var tenants = await platform.TenantManager.CreateTenantsAsync("usual", Usual, cancellationToken);
        foreach (var pod in platform.Ledgers.Append(platform.Gateway))
        {
            foreach (var tenant in tenants)
                await pod.ServeAsync(tenant, cancellationToken);
        }

        var valkey = ConfigurationOptions.Parse(await platform.ConnectionStringAsync("valkey", cancellationToken));
        (valkey.AllowAdmin, valkey.AbortOnConnectFail) = (true, false);
        return new Scene(
            platform,
            tenants,
            new Load(throughGateway ? platform.Ledgers.Select(_ => platform.Gateway) : platform.Ledgers, tenants, Pause),
            await ConnectionMultiplexer.ConnectAsync(valkey),
            NpgsqlDataSource.Create(await platform.ConnectionStringAsync("postgres", cancellationToken)));
    }

    /// <summary>A new key as <c>CACHE_ENCRYPTION_KEYS</c> takes it.</summary>
    public static string NewKey(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Valkey.CloseAsync();
        await Postgres.DisposeAsync();
    }
}
