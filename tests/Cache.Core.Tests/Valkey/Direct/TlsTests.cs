using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cache.Core.Fencing;
using Cache.Core.Valkey;
using TenantPlatform.Hosting.Servers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Direct;

/// <summary>Both ways to Valkey over TLS: only a certificate of the private authority, for that host, in its time, is trusted.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string Password = "tls-password";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Authority _authority = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("tls").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task PrivateAuthority_BothWaysWork()
    {
        var (server, options) = await StartAsync("127.0.0.1");
        await using var running = server;
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
        var (server, options) = await StartAsync(host, isExpired);
        await using var running = server;
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

    private async Task<(ValkeyServer Server, ValkeyOptions Options)> StartAsync(string host, bool isExpired = false)
    {
        using var certificate = _authority.Issue(host, isExpired ? DateTimeOffset.UtcNow.AddHours(-1) : null);
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(Path.Combine(_directory, "server.crt"), certificate.ExportCertificatePem(), Encoding.ASCII);
        await File.WriteAllTextAsync(Path.Combine(_directory, "server.key"), key.ExportPkcs8PrivateKeyPem(), Encoding.ASCII);
        await File.WriteAllTextAsync(Path.Combine(_directory, "ca.crt"), _authority.Pem, Encoding.ASCII);
        var port = FreePort.Next();
        var server = await ValkeyServer.StartAsync(new ValkeyServerOptions
        {
            Binary = (await ServerLocator.FindValkeyAsync()).Require(),
            Password = Password,
            Configuration =
            [
                string.Create(CultureInfo.InvariantCulture, $"tls-port {port}"),
                $"tls-cert-file {Path.Combine(_directory, "server.crt")}",
                $"tls-key-file {Path.Combine(_directory, "server.key")}",
                $"tls-ca-cert-file {Path.Combine(_directory, "ca.crt")}",
                "tls-auth-clients no",
            ],
        });
        return (server, new ValkeyOptions
        {
            Addresses = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")],
            Password = Password,
            UseTls = true,
            CaCertificatePem = _authority.Pem,
            ReadTimeout = TimeSpan.FromSeconds(20),
            WriteTimeout = TimeSpan.FromSeconds(20),
        });
    }
}
