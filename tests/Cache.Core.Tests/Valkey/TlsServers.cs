using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cache.Core.Valkey;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>Real servers that speak TLS, with certificates of a private authority.</summary>
internal sealed class TlsServers : IAsyncDisposable
{
    public const string Password = "tls-password";
    private readonly Authority _authority = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("tls").FullName;
    private readonly List<(ValkeyServer Server, int Port)> _all = [];

    public IReadOnlyList<ValkeyServer> All => [.. _all.Select(one => one.Server)];

    /// <summary>How to reach them all, over TLS.</summary>
    public ValkeyOptions Options => new()
    {
        Addresses = [.. _all.Select(one => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{one.Port}"))],
        Password = Password,
        UseTls = true,
        CaCertificatePem = _authority.Pem,
        ReadTimeout = TimeSpan.FromSeconds(20),
        WriteTimeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Starts one more.</summary>
    /// <param name="host">The address that its certificate is for.</param>
    /// <param name="isExpired">Whether that is out of date.</param>
    /// <param name="configuration">Further lines of its configuration.</param>
    public async Task StartAsync(string host = "127.0.0.1", bool isExpired = false, params string[] configuration)
    {
        using var certificate = _authority.Issue(host, isExpired ? DateTimeOffset.UtcNow.AddHours(-1) : null);
        using var key = certificate.GetECDsaPrivateKey()!;
        var port = FreePort.Next();
        _all.Add((await ValkeyServer.StartAsync(new ValkeyServerOptions
        {
            Binary = (await ServerLocator.FindValkeyAsync()).Require(),
            Password = Password,
            Configuration =
            [
                string.Create(CultureInfo.InvariantCulture, $"tls-port {port}"),
                $"tls-cert-file {await WriteAsync($"{port}.crt", certificate.ExportCertificatePem())}",
                $"tls-key-file {await WriteAsync($"{port}.key", key.ExportPkcs8PrivateKeyPem())}",
                $"tls-ca-cert-file {await WriteAsync("ca.crt", _authority.Pem)}",
                "tls-auth-clients no",
                .. configuration,
            ],
        }), port));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (server, _) in _all)
            await server.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(path, text, Encoding.ASCII);
        return path;
    }
}
