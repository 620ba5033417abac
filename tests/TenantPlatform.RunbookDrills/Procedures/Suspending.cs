using System.Diagnostics;
using System.Net;
using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.RunbookDrills.Alerts;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Procedures;

/// <summary>A tenant must not be served, and pods do not hear of it.</summary>
internal static class Suspending
{
    /// <summary>One revalidation interval and its timeout, as in production.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    public static Procedure Emergency { get; } = new("emergency", "suspend-in-an-emergency-while-valkey-is-down", async (scene, tell, stop) =>
    {
        var platform = scene.Platform;
        var tenant = await ServedTenantAsync(scene, stop);
        var role = $"t_{tenant.Id}_ledger";
        await CutOffAsync(scene, stop);
        try
        {
            await platform.TenantManager.SuspendAsync(tenant, stop);
            await ServedByAllAsync(scene, tenant, stop);
            tell("suspended while no pod reaches Valkey or the tenant-manager: all pods serve the tenant on");

            var sessions = await SessionsAsync(scene, role, stop);
            PlatformException.ThrowUnless(sessions > 0, "The tenant has no sessions in its database: there is nothing to end.");
            var clock = Stopwatch.StartNew();
            await ExecuteAsync(scene, $"alter role \"{role}\" nologin", stop);
            await ExecuteAsync(scene, $"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'", stop);
            await RefusedByAllAsync(scene, tenant, stop);
            tell($"{sessions} sessions ended, the role locked: no pod serves the tenant any more after {clock.Elapsed.TotalSeconds:0.0} s: {await AnswersAsync(scene, tenant, stop)}; sessions now: {await SessionsAsync(scene, role, stop)}");
            await ServedByAllAsync(scene, scene.Tenants[0], stop);
        }
        finally
        {
            await HealAsync(scene);
        }

        var denied = await Wait.UntilAsync("every pod answers 403", Bound + Soon, async () => await AnswersAsync(scene, tenant, stop) is var answers && answers.All(static answer => answer == HttpStatusCode.Forbidden), stop);
        tell($"the links healed: every pod answers 403 after {denied.TotalSeconds:0.0} s");
        await ExecuteAsync(scene, $"alter role \"{role}\" login", stop);
        await platform.TenantManager.ReactivateAsync(tenant, stop);
        var served = await Wait.UntilAsync("every pod serves the reactivated tenant", Bound + Soon, async () => (await AnswersAsync(scene, tenant, stop)).All(static answer => answer == HttpStatusCode.OK), stop);
        tell($"the role unlocked and the tenant reactivated: served by every pod after {served.TotalSeconds:0.0} s");
    });

    public static Procedure Order { get; } = new("suspended-tenant", "a-pod-that-serves-a-suspended-tenant", async (scene, tell, stop) =>
    {
        var platform = scene.Platform;
        var pod = platform.Ledgers[0];
        var tenant = await ServedTenantAsync(scene, stop);
        await CutOffAsync(scene, stop);
        try
        {
            await platform.TenantManager.SuspendAsync(tenant, stop);
            var clock = Stopwatch.StartNew();

            var state = await platform.TenantManager.StateAsync(tenant, stop);
            var audit = await platform.TenantManager.CallAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant.Id}", body: null, stop);
            var suspension = audit.GetProperty("items").EnumerateArray().FirstOrDefault(static line => line.GetProperty("action").GetString() == "association.suspended");
            PlatformException.ThrowUnless(!state.IsServed && suspension.ValueKind == JsonValueKind.Object, $"1. The tenant-manager does not say that the tenant is suspended: {audit}");
            tell($"1. suspended, revision {state.Revision}, {suspension.GetProperty("action").GetString()} in the audit log");

            var basis = await BasisAsync(scene, pod, tenant, stop);
            var revision = basis.Source == TenantBasis.Manager ? basis.StaleRevision : basis.Revision;
            PlatformException.ThrowUnless(revision < state.Revision, $"2. {pod.Name} answers on {basis}, and the tenant-manager is at revision {state.Revision}.");
            tell($"2. {pod.Name} would answer on {basis.Source}, {(basis.Source == TenantBasis.Manager ? "which it does not reach, and so on" : "on")} revision {revision}: it does not know");

            await Wait.UntilAsync("the grace period is over", Soon, () => Task.FromResult(clock.Elapsed > TimeSpan.FromSeconds(5)), stop);
            await pod.ServeAsync(tenant, stop);
            tell("3. served on after the grace period of 5 s: it is no request that began before");

            var hears = await Wait.UntilAsync("/health/ready says that Valkey is not reached", Soon, async () => !await pod.ReachesValkeyAsync(stop), stop);
            var reported = await platform.TenantManager.CallAsync(HttpMethod.Get, "/v1/pods?service=ledger", body: null, stop);
            tell($"4. /health/ready: redis is not healthy (after {hears.TotalSeconds:0.0} s); GET /v1/pods knows of {Listed(reported, pod.Name)}");

            var key = ValkeyProbe.ConfigKey(tenant);
            var value = (byte[]?)await scene.Valkey.GetDatabase().StringGetAsync(key);
            await platform.TenantManager.CallAsync(HttpMethod.Delete, $"/cache/keys/{Uri.EscapeDataString(key)}", body: null, stop);
            tell($"5. Valkey holds {(value is null ? "no value" : $"a value of {value.Length} bytes")} for it; the key deleted");

            await Wait.UntilAsync("35 s are over", Bound + Soon, () => Task.FromResult(clock.Elapsed > Bound), stop);
            await pod.ServeAsync(tenant, stop);
            await platform.Resources.CommandAsync(pod.Name, "kill", stop);
            await platform.Resources.EndedAsync(pod.Name, stop);
            tell($"6. still served after {clock.Elapsed.TotalSeconds:0} s: the pod taken out");
            await platform.Resources.StartAsync(pod.Name, stop);
            var answer = await pod.RequestAsync(tenant, stop);
            PlatformException.ThrowUnless(answer != HttpStatusCode.OK, "6. The pod in its place serves the tenant, too.");
            tell($"   the one in its place, which reaches nobody either, answers {(int)answer}");
        }
        finally
        {
            await HealAsync(scene);
        }

        var denied = await Wait.UntilAsync("every pod answers 403", Bound + Soon, async () => (await AnswersAsync(scene, tenant, stop)).All(static answer => answer == HttpStatusCode.Forbidden), stop);
        tell($"   the links healed: every pod answers 403 after {denied.TotalSeconds:0.0} s; the denial has outlived the deleted key");
    });

    private static async Task<Tenant> ServedTenantAsync(Scene scene, CancellationToken stop)
    {
        var tenant = await scene.Platform.TenantManager.CreateTenantAsync("suspended", stop);
        await ServedByAllAsync(scene, tenant, stop);
        return tenant;
    }

    private static async Task ServedByAllAsync(Scene scene, Tenant tenant, CancellationToken stop)
    {
        foreach (var pod in scene.Platform.Ledgers)
            await pod.ServeAsync(tenant, stop);
    }

    private static Task<TimeSpan> RefusedByAllAsync(Scene scene, Tenant tenant, CancellationToken stop) =>
        Wait.UntilAsync("no pod serves the tenant", Soon, async () => (await AnswersAsync(scene, tenant, stop)).All(static answer => answer != HttpStatusCode.OK), stop);

    private static async Task<AnswerList> AnswersAsync(Scene scene, Tenant tenant, CancellationToken stop) =>
        new(await Task.WhenAll(scene.Platform.Ledgers.Select(pod => pod.RequestAsync(tenant, stop))));

    private static async Task CutOffAsync(Scene scene, CancellationToken stop)
    {
        await scene.Platform.Resources.CommandAsync("links", "cut-valkey", stop);
        await scene.Platform.Resources.CommandAsync("links", "cut-tenant-manager", stop);
    }

    private static async Task HealAsync(Scene scene)
    {
        await scene.Platform.Resources.CommandAsync("links", "heal-valkey", CancellationToken.None);
        await scene.Platform.Resources.CommandAsync("links", "heal-tenant-manager", CancellationToken.None);
    }

    private static async Task<TenantBasis> BasisAsync(Scene scene, LedgerPod pod, Tenant tenant, CancellationToken stop)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(pod.Address, TenantBasis.Path(tenant.Id)));
        request.Headers.Add("X-API-Key", Scene.DiagnosticsKey);
        using var response = await http.SendAsync(request, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        PlatformException.ThrowUnless(response.IsSuccessStatusCode, $"{pod.Name} does not tell its basis: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<TenantBasis>(text, ContractJson.Options)!;
    }

    private static string Listed(JsonElement pods, string name) =>
        pods.GetProperty("pods").EnumerateArray().Any(pod => pod.GetProperty("instance").GetString() == name) ? $"{name} by its last report" : $"no {name} any more";

    private static async Task<long> SessionsAsync(Scene scene, string role, CancellationToken stop)
    {
        await using var command = scene.Postgres.CreateCommand("select count(*) from pg_stat_activity where usename = $1");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = role });
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    private static async Task ExecuteAsync(Scene scene, string sql, CancellationToken stop)
    {
        await using var command = scene.Postgres.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    private sealed class AnswerList(IReadOnlyList<HttpStatusCode> answers) : List<HttpStatusCode>(answers)
    {
        public override string ToString() => string.Join(", ", this.Select(static answer => (int)answer));
    }
}
