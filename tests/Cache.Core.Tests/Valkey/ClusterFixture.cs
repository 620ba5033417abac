using System.Globalization;
using TenantPlatform.Hosting.Servers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>A real cluster of three primaries. As <c>IClassFixture</c>; tests may kill and start its servers, and leave them running.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public const string Password = "cluster-password";
    private const int SlotsEach = 5462;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly List<ValkeyServer> _servers = [];

    public IReadOnlyList<ValkeyServer> Servers => _servers;

    public IReadOnlyList<string> Addresses => [.. _servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"))];

    public async Task InitializeAsync()
    {
        var binary = (await ServerLocator.FindValkeyAsync()).Require();
        for (var i = 0; i < 3; i++)
        {
            _servers.Add(await ValkeyServer.StartAsync(new ValkeyServerOptions
            {
                Binary = binary,
                Password = Password,
                Configuration =
                [
                    "cluster-enabled yes",
                    string.Create(CultureInfo.InvariantCulture, $"cluster-port {FreePort.Next()}"),
                    "cluster-node-timeout 1000",
                    "cluster-require-full-coverage no",
                ],
            }));
            await _servers[i].ExecuteAsync(["CLUSTER", "ADDSLOTSRANGE", $"{i * SlotsEach}", $"{Math.Min(16383, ((i + 1) * SlotsEach) - 1)}"]);
        }

        foreach (var other in _servers.Skip(1))
        {
            var bus = (string)(await other.ExecuteAsync(["CONFIG", "GET", "cluster-port"]) as IReadOnlyList<object?>)![1]!;
            await _servers[0].ExecuteAsync(["CLUSTER", "MEET", "127.0.0.1", $"{other.Port}", bus]);
        }

        foreach (var server in _servers)
        {
            await Eventually.BecomesAsync(
                "the cluster",
                async () => (string?)await server.ExecuteAsync(["CLUSTER", "INFO"]),
                info => info!.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_slots_ok:16384", StringComparison.Ordinal),
                Limit);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }
}
