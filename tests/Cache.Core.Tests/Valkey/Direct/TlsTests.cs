using System.Globalization;
using System.Security.Cryptography;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Tests.Valkey.Users;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Direct;

/// <summary>Both ways to Valkey over TLS: only a certificate of the private authority, for that host, in its time, is trusted.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TlsServers _servers = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _servers.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PrivateAuthority_BothWaysWork(bool isUser)
    {
        await _servers.StartAsync();
        var options = await OptionsAsync(isUser);
        await using var clients = new ValkeyClients(options);
        await clients.DirectAsync("k");
        var large = RandomNumberGenerator.GetBytes(100_000);

        foreach (var value in new[] { "small"u8.ToArray(), large })
        {
            var write = new FencedWrite(FenceToken.New(), Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
            Assert.Equal(FenceOutcome.Stored, await clients.Client.Fence.PutAsync("k", value, write));
            Assert.Equal(value, (await clients.Client.Fence.ReadAsync("k", TimeSpan.FromHours(1), owner: null, default)).Value);
            Assert.Equal(value, await clients.Client.GetAsync("k"));
        }

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
            Assert.Equal(large, (await clients.Client.Fence.ReadAsync("k", TimeSpan.FromHours(1), owner: null, default)).Value))));
        Assert.NotNull(clients.Connection.Direct("k"));
    }

    [Theory]
    [InlineData("127.0.0.1", false, false, "is not of the given authority")]
    [InlineData("127.0.0.2", true, false, "is for another host name")]
    [InlineData("127.0.0.1", true, true, "has expired")]
    public async Task StrangerWrongNameOrExpired_IsRefusedBothWays_AndTheLogSaysWhy(string host, bool ownAuthority, bool isExpired, string why)
    {
        await _servers.StartAsync(host, isExpired);
        var options = _servers.Options;
        using var stranger = new Authority();
        if (!ownAuthority)
            options.CaCertificatePem = stranger.Pem;
        options.ReadTimeout = TimeSpan.FromSeconds(2);
        using var log = new LogCollector();
        await using var clients = new ValkeyClients(options, log.CreateLogger<ValkeyConnection>());
        Assert.Null(clients.Connection.Direct("k"));

        await Eventually.HoldsAsync("the refusal", () => log.Text.Contains(why, StringComparison.Ordinal), Limit);
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await clients.Client.GetAsync("k"));

        Assert.Null(clients.Connection.Direct("k"));
    }

    [Fact]
    public async Task Cluster_AllConnectionsWork_AndFindTheirServers_AsTheDefaultUserAndAsAnother()
    {
        await StartClusterAsync();
        string[] keys = [.. Enumerable.Range(0, 8).Select(n => string.Create(CultureInfo.InvariantCulture, $"k{n}"))];
        foreach (var isUser in new[] { false, true })
        {
            var options = await OptionsAsync(isUser);
            options.Mode = ValkeyMode.Cluster;
            options.Addresses = [options.Addresses[0]];
            await using var clients = new ValkeyClients(options);
            foreach (var key in keys)
            {
                await clients.DirectAsync(key);
                await Eventually.HoldsAsync("the library", async () =>
                {
                    await clients.Client.SetAsync(key, "v"u8.ToArray(), TimeSpan.FromHours(1));
                    return await clients.Client.GetAsync(key) is not null;
                });
                var write = new FencedWrite(FenceToken.New(), Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
                Assert.Equal(FenceOutcome.Stored, await clients.Client.Fence.PutAsync(key, "w"u8.ToArray(), write));
            }

            Assert.Equal(2, keys.Select(clients.Connection.Direct).Distinct().Count());
            Assert.Equal(keys.Length, await clients.Client.ScanAsync("k*").CountAsync());
            await using var channel = new ChannelCoherence(options, new CoherenceOptions(), ["k"], announcer: null, TimeProvider.System, NullLogger<ChannelCoherence>.Instance);
            channel.Start();
            await Eventually.HoldsAsync("proof", () => channel.ProvenUntil > TimeProvider.System.GetTimestamp());
        }
    }

    private async Task<ValkeyOptions> OptionsAsync(bool isUser)
    {
        var options = _servers.Options;
        if (!isUser)
            return options;
        foreach (var server in _servers.All)
            await server.ExecuteAsync(AclUser.SetUp("k"));
        (options.UserName, options.Password) = (AclUser.Name, AclUser.Password);
        return options;
    }

    /// <summary>Two primaries with half of the slots each, which speak TLS to each other too.</summary>
    private async Task StartClusterAsync()
    {
        const int Half = 8192;
        int[] buses = [FreePort.Next(), FreePort.Next()];
        foreach (var bus in buses)
            await _servers.StartAsync(configuration: ["cluster-enabled yes", "tls-cluster yes", string.Create(CultureInfo.InvariantCulture, $"cluster-port {bus}")]);
        var (first, second) = (_servers.All[0], _servers.All[1]);
        await first.ExecuteAsync(["CLUSTER", "ADDSLOTSRANGE", "0", $"{Half - 1}"]);
        await second.ExecuteAsync(["CLUSTER", "ADDSLOTSRANGE", $"{Half}", $"{(2 * Half) - 1}"]);
        var port = _servers.Options.Addresses[1].Split(':')[1];
        await first.ExecuteAsync(["CLUSTER", "MEET", "127.0.0.1", port, $"{buses[1]}"]);
        foreach (var server in _servers.All)
        {
            await Eventually.BecomesAsync(
                "the cluster",
                async () => (string?)await server.ExecuteAsync(["CLUSTER", "INFO"]),
                info => info!.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_known_nodes:2", StringComparison.Ordinal),
                Limit);
        }
    }
}
