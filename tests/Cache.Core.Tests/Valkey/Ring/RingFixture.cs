using System.Globalization;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Ring;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>Three real servers that know nothing of each other. Tests may kill, pause and start them, and leave them running.</summary>
public sealed class RingFixture : IAsyncLifetime
{
    public const string Password = "ring-password";

    private readonly List<ValkeyServer> _servers = [];

    public IReadOnlyList<ValkeyServer> Servers => _servers;

    public IReadOnlyList<string> Addresses => [.. _servers.Select(Address)];

    public static string Address(ValkeyServer server) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}");

    public ValkeyServer Server(string address) => _servers.Single(server => Address(server) == address);

    /// <summary>With heartbeats five times as often as elsewhere, so that a killed server is lost soon; answers have as long as elsewhere.</summary>
    public ValkeyOptions Options() => new()
    {
        Addresses = Addresses,
        Mode = ValkeyMode.Ring,
        Password = Password,
        ReadTimeout = TimeSpan.FromSeconds(10),
        WriteTimeout = TimeSpan.FromSeconds(10),
        Ring = new RingTerms { Beat = TimeSpan.FromMilliseconds(100), HeldFor = TimeSpan.FromSeconds(3) },
    };

    public async Task InitializeAsync()
    {
        var binary = (await ServerLocator.FindValkeyAsync()).Require();
        _servers.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = Password }))));
    }

    /// <summary>Has every server run, empty, as if no ring had ever been on it.</summary>
    public async Task RenewAsync()
    {
        foreach (var server in _servers)
        {
            if (server.IsRunning)
                server.Resume();
            else
                await server.StartAsync();
            await server.ExecuteAsync(["FLUSHALL"]);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }
}
