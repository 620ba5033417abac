using StackExchange.Redis;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Alerts;

/// <summary>What goes wrong in Valkey.</summary>
internal static class ValkeyDrills
{
    /// <summary>As many tenants as a pod can be connected to, so that none is shut out.</summary>
    private const int Looked = Scene.MaxPools - 1;

    private static readonly TimeSpan BetweenLosses = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenFlushes = TimeSpan.FromMilliseconds(200);

    public static AlertDrill Killed { get; } = new(
        "Valkey killed, a tenant suspended meanwhile",
        ["ValkeyFailing", "EventsWaiting"],
        static async (scene, stop) =>
        {
            var tenant = await scene.Platform.TenantManager.CreateTenantAsync("dark", stop);
            await scene.Platform.Resources.CommandAsync("valkey", "kill", stop);
            await scene.Platform.TenantManager.SuspendAsync(tenant, stop);
            return new Ending(() => scene.Platform.Resources.StartAsync("valkey", CancellationToken.None));
        });

    public static AlertDrill Emptied { get; } = new(
        "Valkey emptied five times a second, under as many requests as one client sends",
        ["MissStorm"],
        static async (scene, stop) =>
        {
            var tenants = await scene.Platform.TenantManager.CreateTenantsAsync("storm", Looked - scene.Tenants.Count, stop);
            var storm = new Load([scene.Platform.Ledgers[0]], [.. tenants, .. scene.Tenants], TimeSpan.FromMilliseconds(1));
            return Ending.Of(
                async token =>
                {
                    await Server(scene).FlushAllDatabasesAsync();
                    await Task.Delay(BetweenFlushes, token);
                },
                async () => await storm.DisposeAsync());
        });

    public static AlertDrill ClientsDropped { get; } = new(
        "Valkey closes every client's connection every 3 s",
        ["CoherenceLost"],
        static (scene, _) => Task.FromResult(Ending.Of(async token =>
        {
            await scene.Platform.Resources.CommandAsync("valkey", "drop-clients", token);
            await Task.Delay(BetweenLosses, token);
        })));

    public static AlertDrill Tampered { get; } = new(
        "One encrypted value changed in Valkey",
        ["ValuesTampered"],
        static async (scene, _) =>
        {
            var database = scene.Valkey.GetDatabase();
            var key = ValkeyProbe.ConfigKey(scene.Tenants[0]);
            var value = (byte[]?)await database.StringGetAsync(key) ?? throw new PlatformException($"There is no '{key}' in Valkey.");
            value[^1] ^= 1;
            await database.StringSetAsync(key, value, expiry: null, keepTtl: true);
            return new Ending(() => Task.CompletedTask);
        });

    /// <summary>Every write is refused, as by a server without memory and without eviction.</summary>
    public static Task RefuseWritesAsync(this Scene scene, bool isRefusing) => Server(scene).ConfigSetAsync("maxmemory", isRefusing ? "1" : "0");

    private static IServer Server(Scene scene) => scene.Valkey.GetServer(scene.Valkey.GetEndPoints()[0]);
}
