using System.Security.Cryptography;
using StackExchange.Redis;
using TenantPlatform.RunbookDrills.Alerts;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Procedures;

/// <summary>What every process has a copy of is replaced: pods one by one, under load.</summary>
internal static class Rotating
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static Procedure EncryptionKeys { get; } = new("encryption-keys", "rotate-the-encryption-keys", async (scene, tell, stop) =>
    {
        var platform = scene.Platform;
        var (former, next) = (platform.Options.ServiceEnvironment["CACHE_ENCRYPTION_KEYS"], Scene.NewKey("next"));
        foreach (var (step, keys, isWarm) in new[] { ("1. old,new", $"{former},{next}", true), ("2. new,old", $"{next},{former}", true), ("3. new", next, false) })
        {
            var (reads, ofChanged) = (await ReadsAsync(scene, stop), await platform.TenantManager.ConfigReadsAsync(scene.Tenants[0], stop));
            platform.NextStart["CACHE_ENCRYPTION_KEYS"] = keys;
            await ReplaceAsync(scene, step, tell, stop);
            var asked = await ReadsAsync(scene, stop) - reads;
            tell($"{step}: the tenant-manager was asked for {asked} configurations of {scene.Tenants.Count} tenants");
            PlatformException.ThrowUnless(!isWarm || asked == 0, $"{step}: new pods could not read what lies in Valkey.");
            PlatformException.ThrowUnless(
                await platform.TenantManager.ConfigReadsAsync(scene.Tenants[0], stop) == ofChanged, $"{step}: a tenant that changed under the new key had to be asked for.");

            // Whoever reads these values needs the keys as well, before the next step writes with another one.
            await scene.Load.WhilePausedAsync(() => ReplaceOthersAsync(scene, stop), stop);
            tell($"{step}: the tenant-manager and the gateway replaced");
            if (step.StartsWith('2'))
                await ChangeAsync(scene, tell, stop);
        }
    });

    public static Procedure Token { get; } = new("token", "rotate-the-token", async (scene, tell, stop) =>
    {
        var platform = scene.Platform;
        var former = ConfigurationOptions.Parse(await platform.ConnectionStringAsync("valkey", stop));
        var next = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        var reads = await ReadsAsync(scene, stop);
        await scene.Valkey.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", $">{next}");
        tell("1. Valkey takes both passwords");

        platform.NextStart["ConnectionStrings__valkey"] = string.Empty;
        platform.NextStart["CACHE_ADDRS"] = former.EndPoints[0].ToString()!.Replace("Unspecified/", string.Empty, StringComparison.Ordinal);
        platform.NextStart["CACHE_PASSWORD"] = next;
        await ReplaceAsync(scene, "2.", tell, stop);

        // Before the tenant-manager is replaced: it counts from zero then.
        var asked = await ReadsAsync(scene, stop) - reads;
        tell($"   the tenant-manager was asked for {asked} configurations of {scene.Tenants.Count} tenants: L2 has stayed warm");
        PlatformException.ThrowUnless(asked == 0, "L2 was cold after the rotation.");

        // Pods serve on meanwhile; a gateway that is alone is not replaced without a gap, so it comes last and after the load was looked at.
        await platform.Resources.RestartAsync("tenant-manager", stop);
        tell("2. the tenant-manager replaced");
        NothingFailed(scene, "2.");
        await platform.Resources.RestartAsync("gateway", stop);

        // Two connections of each process with the former one would go on: those are closed, and whoever still has it is shut out.
        await scene.Valkey.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", $"<{former.Password}");
        await using (var withNew = await ConnectAsync(former, next))
            await withNew.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        foreach (var pod in platform.Ledgers)
            await Wait.UntilAsync($"{pod.Name} reaches Valkey", Soon, () => pod.ReachesValkeyAsync(stop), stop);
        PlatformException.ThrowUnless(!await SignsInAsync(former, former.Password!) && await SignsInAsync(former, next), "Valkey still takes the former password, or does not take the new one.");
        tell("3. the former password is refused, every pod reaches Valkey");
    });

    /// <summary>Replaces the pods one by one; no request through the gateway fails meanwhile.</summary>
    private static async Task ReplaceAsync(Scene scene, string step, Action<string> tell, CancellationToken stop)
    {
        var served = scene.Load.Served;
        foreach (var pod in scene.Platform.Ledgers)
        {
            await scene.Platform.Resources.RestartAsync(pod.Name, stop);
            await Wait.UntilAsync($"{pod.Name} reaches Valkey", Soon, () => pod.ReachesValkeyAsync(stop), stop);
            foreach (var tenant in scene.Tenants)
                await pod.ServeAsync(tenant, stop);
        }

        NothingFailed(scene, step);
        tell($"{step} {scene.Platform.Ledgers.Count} pods replaced: {scene.Load.Served - served} requests through the gateway, none failed");
    }

    private static async Task ReplaceOthersAsync(Scene scene, CancellationToken stop)
    {
        await scene.Platform.Resources.RestartAsync("tenant-manager", stop);
        await scene.Platform.Resources.RestartAsync("gateway", stop);
        await Wait.UntilAsync("the gateway reaches Valkey", Soon, () => scene.Platform.Gateway.ReachesValkeyAsync(stop), stop);
        foreach (var tenant in scene.Tenants)
            await scene.Platform.Gateway.ServeAsync(tenant, stop);
    }

    /// <summary>What is written now is written with the new key: one tenant's configuration is.</summary>
    private static async Task ChangeAsync(Scene scene, Action<string> tell, CancellationToken stop)
    {
        var (tenant, platform) = (scene.Tenants[0], scene.Platform);
        await platform.TenantManager.SetPoolLimitsAsync(tenant, 7, stop);
        var changed = (await platform.TenantManager.StateAsync(tenant, stop)).Revision;
        await Wait.UntilAsync("every pod knows the change", Soon, async () => (await Task.WhenAll(platform.Ledgers.Select(pod => pod.RevisionAsync(tenant, stop)))).All(revision => revision == changed), stop);
        tell($"   a tenant changed to revision {changed}, written with the new key");
    }

    private static void NothingFailed(Scene scene, string step) =>
        PlatformException.ThrowUnless(scene.Load.Others == 0, $"{step} {scene.Load.Others} requests failed: {scene.Load.OthersByAnswer}");

    private static async Task<int> ReadsAsync(Scene scene, CancellationToken stop)
    {
        var reads = 0;
        foreach (var tenant in scene.Tenants)
            reads += await scene.Platform.TenantManager.ConfigReadsAsync(tenant, stop);
        return reads;
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions former, string password)
    {
        var options = former.Clone();
        (options.Password, options.AllowAdmin) = (password, true);
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    private static async Task<bool> SignsInAsync(ConfigurationOptions former, string password)
    {
        try
        {
            await using var connection = await ConnectAsync(former, password);
            await connection.GetDatabase().PingAsync();
            return true;
        }
        catch (RedisConnectionException)
        {
            return false;
        }
    }
}
