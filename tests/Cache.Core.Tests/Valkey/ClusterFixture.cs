using System.Globalization;
using Cache.Core.Tests.Valkey.Users;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>
/// A real cluster of three primaries, each with a replica, for all tests of <see cref="ClusterCollection"/>. They may kill and start
/// its servers, and leave them running and in their first roles. A replica takes over only where a test allows it.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public const string Password = "cluster-password";
    private const int Primaries = 3;
    private const int SlotsEach = 5462;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly List<ValkeyServer> _all = [];

    public IReadOnlyList<ValkeyServer> Servers => _all[..Primaries];

    /// <summary>The replica of the primary with the same number.</summary>
    public IReadOnlyList<ValkeyServer> Replicas => _all[Primaries..];

    public IReadOnlyList<string> Addresses => [.. Servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"))];

    public static async Task<string> IdAsync(ValkeyServer server) => (string)(await server.ExecuteAsync(["CLUSTER", "MYID"]))!;

    /// <summary>Waits until a server has the role: <c>master</c> or <c>slave</c>; a replica, in step with its primary.</summary>
    public static Task HasRoleAsync(ValkeyServer server, string role) => Eventually.HoldsAsync(
        $"role {role}",
        async () => await server.ExecuteAsync(["INFO", "replication"]) is string info
            && info.Contains($"role:{role}", StringComparison.Ordinal)
            && (role == "master" || info.Contains("master_link_status:up", StringComparison.Ordinal)),
        Limit);

    public async Task InitializeAsync()
    {
        var binary = (await ServerLocator.FindValkeyAsync()).Require();
        _all.AddRange(await Task.WhenAll(Enumerable.Range(0, Primaries * 2).Select(_ => ValkeyServer.StartAsync(new ValkeyServerOptions
        {
            Binary = binary,
            Password = Password,
            Configuration =
            [
                "cluster-enabled yes",
                string.Create(CultureInfo.InvariantCulture, $"cluster-port {FreePort.Next()}"),
                "cluster-node-timeout 1000",
                "cluster-require-full-coverage no",
                "cluster-allow-replica-migration no",
                "cluster-replica-no-failover yes",
                "repl-diskless-sync-delay 0",
                $"primaryauth {Password}",

                // Known again after a restart. Tests' keys begin with "t".
                $"user {string.Join(' ', AclUser.SetUp("t").Skip(2))}",
            ],
        }))));
        for (var i = 0; i < Primaries; i++)
            await Servers[i].ExecuteAsync(["CLUSTER", "ADDSLOTSRANGE", $"{i * SlotsEach}", $"{Math.Min(16383, ((i + 1) * SlotsEach) - 1)}"]);
        foreach (var other in _all.Skip(1))
        {
            var bus = (string)(await other.ExecuteAsync(["CONFIG", "GET", "cluster-port"]) as IReadOnlyList<object?>)![1]!;
            await Servers[0].ExecuteAsync(["CLUSTER", "MEET", "127.0.0.1", $"{other.Port}", bus]);
        }

        for (var i = 0; i < Primaries; i++)
        {
            var primary = await IdAsync(Servers[i]);
            await Eventually.HoldsAsync("the replica knows its primary", async () => await Replicas[i].ExecuteAsync(["CLUSTER", "REPLICATE", primary]) is "OK", Limit);
        }

        await IsWellAsync();
    }

    /// <summary>Waits until every server sees all the others, and the replicas are in step: for tests, which begin after others.</summary>
    public async Task IsWellAsync()
    {
        foreach (var server in _all)
        {
            await Eventually.BecomesAsync(
                "the cluster",
                async () => (string?)await server.ExecuteAsync(["CLUSTER", "INFO"]),
                info => info!.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_slots_ok:16384", StringComparison.Ordinal),
                Limit);
        }

        foreach (var replica in Replicas)
            await HasRoleAsync(replica, "slave");
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _all)
            await server.DisposeAsync();
    }
}
