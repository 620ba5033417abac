using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Npgsql;
using TenantPlatform.TestKit;
using static TenantPlatform.Servers.Tests.Running.RunningServers;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>What users rely on, whatever the servers run as.</summary>
internal static class ServersContract
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string[] Servers = [Valkey, Postgres];

    public static async Task ComeUpHealthy_AskForTheirPassword_SpeakInTheirLog_AndAreGoneAfterwardsAsync(IServerForm form)
    {
        using var limit = new CancellationTokenSource(Limit);
        var identities = new List<string>();
        await using (var running = await StartAsync(form, volume: null, limit.Token))
        {
            foreach (var server in Servers)
                identities.Add(form.Identity(await running.HealthyAsync(server)));
            foreach (var identity in identities)
                Assert.True(await form.ExistsAsync(identity), identity);

            Assert.Equal("OK", await running.ValkeyAsync(Password, "SET", "key", "value"));
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => running.ValkeyAsync(password: null, "GET", "key"));
            Assert.Contains("NOAUTH", refusal.Message, StringComparison.Ordinal);

            Assert.Equal("the \"books\"", await running.SqlAsync("SELECT current_database()::text"));
            var wrong = await Assert.ThrowsAsync<PostgresException>(() => running.SqlAsync("SELECT 1", password: "wrong"));
            Assert.Equal(PostgresErrorCodes.InvalidPassword, wrong.SqlState);

            // Enough for the pools of many tenants.
            Assert.Equal("1000", await running.SqlAsync("SHOW max_connections"));

            await running.LogSaysAsync(Valkey, "Ready to accept connections");
            await running.LogSaysAsync(Postgres, "database system is ready to accept connections");
            await running.LogSaysAsync(Valkey, $"Runs as a {form.RunAs}");
        }

        foreach (var identity in identities)
            await Eventually.HoldsAsync($"{form.RunAs} {identity} is gone", async () => !await form.ExistsAsync(identity));
    }

    public static async Task DataInVolumes_SurviveTheServersAndTheApplication_AtTheSameAddressAsync(IServerForm form)
    {
        using var limit = new CancellationTokenSource(Limit);
        int[] ports;
        var volume = $"servers-tests-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        try
        {
            await using (var first = await StartAsync(form, volume, limit.Token))
            {
                await first.ValkeyAsync(Password, "SET", "of", "the server");
                await first.SqlAsync("CREATE TABLE kept AS SELECT 42 AS value");
                foreach (var server in Servers)
                    await RestartAsync(first, server);
                Assert.Equal("the server", await first.ValkeyAsync(Password, "GET", "of"));
                Assert.Equal(42, await first.SqlAsync("SELECT value FROM kept"));
                await first.ValkeyAsync(Password, "SET", "of", "the application");
                ports = [first.ValkeyPort, first.PostgresPort];
            }

            await using var second = await StartAsync(form, volume, limit.Token);
            Assert.Equal("the application", await second.ValkeyAsync(Password, "GET", "of"));
            Assert.Equal(42, await second.SqlAsync("SELECT value FROM kept"));
            Assert.Equal<IEnumerable<int>>(ports, [second.ValkeyPort, second.PostgresPort]);
        }
        finally
        {
            await DeleteVolumesAsync(form, volume);
        }

        async Task RestartAsync(RunningServers running, string server)
        {
            var before = form.Identity(await running.HealthyAsync(server));
            await running.ExecuteAsync(server, KnownResourceCommands.StopCommand);
            await running.Notifications.WaitForResourceAsync(server, now => Snapshots.IsOver(now.Snapshot), limit.Token);
            await running.ExecuteAsync(server, KnownResourceCommands.StartCommand);
            Assert.NotEqual(before, form.Identity(await running.HealthyAsync(server)));
        }
    }

    public static async Task KilledServer_IsShownAsSuch_RefusesClients_AndStartsAgainAtItsAddressAsync(IServerForm form)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var running = await StartAsync(form, volume: null, limit.Token);
        var port = running.ValkeyPort;
        await running.ValkeyAsync(Password, "SET", "kept?", "yes");

        await form.KillAsync(form.Identity(await running.HealthyAsync(Valkey)));

        await running.Notifications.WaitForResourceAsync(Valkey, now => Snapshots.IsOver(now.Snapshot), limit.Token);
        var refusal = await Assert.ThrowsAsync<SocketException>(() => running.ValkeyAsync(Password, "PING"));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);

        await running.ExecuteAsync(Valkey, KnownResourceCommands.StartCommand);

        await running.HealthyAsync(Valkey);
        Assert.Equal(port, running.ValkeyPort);
        Assert.Null(await running.ValkeyAsync(Password, "GET", "kept?"));
    }
}
