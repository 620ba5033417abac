using Npgsql;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Alerts;

/// <summary>What goes wrong around the services.</summary>
internal static class ServiceDrills
{
    private const int Raced = 8;
    private const int TooMany = 4;

    public static AlertDrill CutOff { get; } = new(
        "Pods reach neither Valkey nor the tenant-manager; a tenant suspended meanwhile",
        ["StaleAnswers", "PodStaleOnAChange"],
        static async (scene, stop) =>
        {
            var tenant = await scene.Platform.TenantManager.CreateTenantAsync("cut-off", stop);
            foreach (var pod in scene.Platform.Ledgers)
                await pod.ServeAsync(tenant, stop);
            await scene.Platform.Resources.CommandAsync("links", "cut-valkey", stop);
            await scene.Platform.Resources.CommandAsync("links", "cut-tenant-manager", stop);
            await scene.Platform.TenantManager.SuspendAsync(tenant, stop);
            return new Ending(async () =>
            {
                await scene.Platform.Resources.CommandAsync("links", "heal-valkey", CancellationToken.None);
                await scene.Platform.Resources.CommandAsync("links", "heal-tenant-manager", CancellationToken.None);
            });
        });

    public static AlertDrill ManagerStopped { get; } = new(
        "The tenant-manager stopped",
        ["RevocationLate"],
        static (scene, stop) => StopAsync(scene, "tenant-manager", stop));

    public static AlertDrill Invalidated { get; } = new(
        "Eight tenants invalidated all the time, over a slow link to the tenant-manager",
        ["FenceRejections", "CacheHitRateLow"],
        static async (scene, stop) =>
        {
            await scene.Platform.Resources.CommandAsync("links", "slow-tenant-manager", stop);
            var tenants = await scene.Platform.TenantManager.CreateTenantsAsync("raced", Raced, stop);
            var load = tenants.Select(tenant => new Load(scene.Platform.Ledgers, [tenant], TimeSpan.FromMilliseconds(1))).ToList();
            return Ending.Of(
                token => Task.WhenAll(tenants.Select(tenant => scene.Platform.TenantManager.InvalidateConfigAsync(tenant, token))),
                async () =>
                {
                    foreach (var one in load)
                        await one.DisposeAsync();
                    await scene.Platform.Resources.CommandAsync("links", "heal-tenant-manager", CancellationToken.None);
                });
        });

    public static AlertDrill PoolsUsedUp { get; } = new(
        $"A pod with MULTI_TENANT_MAX_TENANT_POOLS={Scene.MaxPools} serves {Scene.MaxPools + TooMany} tenants",
        ["TenantPoolsExhausted"],
        static async (scene, stop) =>
        {
            var tenants = await scene.Platform.TenantManager.CreateTenantsAsync("pooled", Scene.MaxPools + TooMany - scene.Tenants.Count, stop);
            return new Load([scene.Platform.Ledgers[0]], tenants, TimeSpan.FromMilliseconds(20));
        });

    public static AlertDrill AnswerLost { get; } = new(
        "Valkey refuses writes (maxmemory, noeviction) while the CRM creates a holder under an idempotency key",
        ["IdempotentAnswerLost"],
        static async (scene, stop) =>
        {
            var pod = scene.Platform.Crms[0];
            var tenant = await scene.Platform.TenantManager.CreateTenantAsync("unkept", stop);
            await scene.Platform.TenantManager.AssociateAsync(tenant, "crm", stop);
            await pod.ServeAsync(tenant, stop);
            await using var holders = await LockAsync(scene, tenant, stop);
            var sent = pod.SendAsync(
                HttpMethod.Post,
                $"/v1/organizations/{Guid.Empty}/holders",
                tenant.Token,
                new { type = "NATURAL_PERSON", name = "Ana", document = "123.456.789-09" },
                stop,
                idempotencyKey: Guid.NewGuid().ToString());
            await UntilWaitedForAsync(scene, stop);
            await scene.RefuseWritesAsync(isRefusing: true);
            await holders.DisposeAsync();
            using var answer = await sent;
            PlatformException.ThrowUnless(answer.IsSuccessStatusCode, $"The holder's creation was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
            return new Ending(() => scene.RefuseWritesAsync(isRefusing: false));
        });

    private static async Task<IAsyncDisposable> StopAsync(Scene scene, string resource, CancellationToken stop)
    {
        await scene.Platform.Resources.StopAsync(resource, stop);
        return new Ending(() => scene.Platform.Resources.StartAsync(resource, CancellationToken.None));
    }

    /// <summary>Keeps whoever writes a holder of the tenant waiting.</summary>
    private static async Task<NpgsqlConnection> LockAsync(Scene scene, Tenant tenant, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await scene.Platform.ConnectionStringAsync("postgres", stop)) { Database = $"t_{tenant.Id}_crm", Pooling = false }.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("begin; lock table holders in access exclusive mode", connection);
        await command.ExecuteNonQueryAsync(stop);
        return connection;
    }

    private static async Task UntilWaitedForAsync(Scene scene, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            await using var command = scene.Postgres.CreateCommand("select count(*) from pg_locks where not granted");
            if ((long)(await command.ExecuteScalarAsync(limit.Token))! > 0)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }
}
