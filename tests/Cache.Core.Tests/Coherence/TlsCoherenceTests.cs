using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cache.Core.Coherence;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

public sealed class TlsCoherenceTests
{
    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("127.0.0.2", true, false)]
    public async Task Tls_PrivateAuthority_OnlyItsCertificateForThatHostIsTrusted(string host, bool ownAuthority, bool trusted)
    {
        using var authority = Authority();
        using var stranger = Authority();
        using var certificate = Issue(authority, host);
        await using var server = new ScriptedServer(certificate);
        using var log = new LogCollector();
        var options = server.Options();
        options.CaCertificatePem = (ownAuthority ? authority : stranger).ExportCertificatePem();
        await using var coherence = new ChannelCoherence(
            options, new CoherenceOptions(), ["p:"], announcer: null, TimeProvider.System, log.CreateLogger<ChannelCoherence>());

        coherence.Start();

        await Eventually.HoldsAsync("an outcome", () => trusted ? coherence.Proof == 2 : log.Text.Contains("AuthenticationException", StringComparison.Ordinal));
        Assert.Equal(trusted ? 1 : 0, server.Count("CLIENT TRACKING"));
        if (!trusted)
            Assert.Empty(server.Received); // no password to a stranger
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(host));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }
}
