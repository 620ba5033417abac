using System.Net;
using Npgsql;
using TenantPlatform.LocalServers;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.RunbookDrills.Alerts;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Procedures;

/// <summary>The state database is lost and comes back from a dump that is older than what pods know.</summary>
internal static class Restoring
{
    private const string Database = "tenant_manager";
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    public static Procedure StateDatabase { get; } = new("state-database", "restore-the-state-database", async (scene, tell, stop) =>
    {
        var platform = scene.Platform;
        await using var folder = await TemporaryDirectory.CreateAsync(cancellationToken: stop);
        var dump = Path.Combine(folder.FullPath, "state.dump");
        var changed = await ServedTenantAsync(scene, "changed", stop);
        var suspended = await ServedTenantAsync(scene, "suspended", stop);
        await RunAsync(platform, "pg_dump", ["--format=custom", $"--file={dump}", Database], stop);

        // Later than the backup: pods know of revisions that it does not, and of a suspension.
        await platform.TenantManager.SetPoolLimitsAsync(changed, 7, stop);
        await platform.TenantManager.SetPoolLimitsAsync(changed, 8, stop);
        await platform.TenantManager.SuspendAsync(suspended, stop);
        var known = (await platform.TenantManager.StateAsync(changed, stop)).Revision;
        await Wait.UntilAsync("every pod knows the later revision", Soon, async () => (await Task.WhenAll(platform.Ledgers.Select(AskedAsync))).All(revision => revision == known), stop);
        await Wait.UntilAsync("every pod refuses the suspended tenant", Soon, () => AllAnswerAsync(scene, suspended, HttpStatusCode.Forbidden, stop), stop);
        tell($"a dump; afterwards a tenant was changed to revision {known}, and another one suspended");

        var served = scene.Load.Served;
        await platform.Resources.StopAsync("tenant-manager", stop);
        await Wait.UntilAsync("pods serve on", Soon, () => Task.FromResult(scene.Load.Served > served + 50), stop);
        tell("1. the tenant-manager stopped; pods serve on");
        await RunAsync(platform, "pg_restore", ["--clean", "--if-exists", $"--dbname={Database}", dump], stop);
        tell("2. the dump restored");
        await ToldRestoredAsync(platform, stop);
        tell("3. the database told that it was restored");
        await platform.Resources.StartAsync("tenant-manager", stop);
        var restored = (await platform.TenantManager.StateAsync(changed, stop)).Revision;
        PlatformException.ThrowUnless(restored > known, $"The restored state is at revision {restored}, no higher than the pods' {known}.");
        var compared = await Wait.UntilAsync(
            "every pod has compared with the restored state", Soon,
            async () => (await Task.WhenAll(platform.Ledgers.Select(pod => pod.RequestAsync(suspended, stop)))).All(static answer => answer == HttpStatusCode.OK), stop);
        tell($"4. the tenant-manager started, revision {restored} of the changed tenant; after {compared.TotalSeconds:0.0} s every pod serves the tenant again whose suspension was lost");

        await platform.TenantManager.SuspendAsync(suspended, stop);
        var again = await Wait.UntilAsync("every pod refuses the tenant that was suspended again", Soon, () => AllAnswerAsync(scene, suspended, HttpStatusCode.Forbidden, stop), stop);
        tell($"5. the suspension repeated: every pod refuses after {again.TotalSeconds:0.0} s");

        await platform.TenantManager.SuspendAsync(changed, stop);
        var learned = await Wait.UntilAsync("every pod refuses the changed tenant", Soon, () => AllAnswerAsync(scene, changed, HttpStatusCode.Forbidden, stop), stop);
        tell($"   the changed tenant, of which pods had known a later change, suspended as well: every pod refuses after {learned.TotalSeconds:0.0} s");
        PlatformException.ThrowUnless(scene.Load.Others == 0, $"{scene.Load.Others} requests of other tenants failed: {scene.Load.OthersByAnswer}");
        tell($"   other tenants meanwhile: {scene.Load.Served - served} requests through the gateway, none failed");

        // A pod that has not loaded it again after the change does so with its next request.
        async Task<long?> AskedAsync(LedgerPod pod)
        {
            await pod.ServeAsync(changed, stop);
            return await pod.RevisionAsync(changed, stop);
        }
    });

    private static async Task<Tenant> ServedTenantAsync(Scene scene, string name, CancellationToken stop)
    {
        var tenant = await scene.Platform.TenantManager.CreateTenantAsync(name, stop);
        foreach (var pod in scene.Platform.Ledgers)
            await pod.ServeAsync(tenant, stop);
        return tenant;
    }

    private static async Task<bool> AllAnswerAsync(Scene scene, Tenant tenant, HttpStatusCode expected, CancellationToken stop) =>
        (await Task.WhenAll(scene.Platform.Ledgers.Select(pod => pod.RequestAsync(tenant, stop)))).All(answer => answer == expected);

    private static async Task ToldRestoredAsync(RunningPlatform platform, CancellationToken stop)
    {
        var state = new NpgsqlConnectionStringBuilder(await platform.ConnectionStringAsync("postgres", stop)) { Database = Database };
        await using var source = NpgsqlDataSource.Create(state.ConnectionString);
        await using var command = source.CreateCommand("select state_was_restored()");
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Runs one of PostgreSQL's own programs, as its administrator.</summary>
    private static async Task RunAsync(RunningPlatform platform, string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var server = (await ServerLocator.FindPostgresAsync(cancellationToken: stop)).Require();
        var connection = new NpgsqlConnectionStringBuilder(await platform.ConnectionStringAsync("postgres", stop));
        var said = new List<string>();
        await using var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = Path.Combine(Path.GetDirectoryName(server.Path)!, program),
                Arguments = [$"--host={connection.Host}", $"--port={connection.Port}", $"--username={connection.Username}", .. arguments],
                Environment = new Dictionary<string, string?>(server.Environment, StringComparer.Ordinal) { ["PGPASSWORD"] = connection.Password },
                OutputLine = Keep,
                ErrorLine = Keep,
            },
            stop);
        var exit = await process.Exited.WaitAsync(CommandLimit, stop);
        lock (said)
            PlatformException.ThrowUnless(exit == 0, $"{program} ended with {exit}: {string.Join('\n', said)}");

        void Keep(string line)
        {
            lock (said)
                said.Add(line);
        }
    }
}
