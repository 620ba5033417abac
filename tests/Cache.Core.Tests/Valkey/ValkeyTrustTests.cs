using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Valkey;

/// <summary>TLS with a private authority (B5): chain, dates and name are verified, none is waived for another.</summary>
public sealed class ValkeyTrustTests
{
    [Theory]
    [InlineData(true, -1, 1, SslPolicyErrors.RemoteCertificateChainErrors, true)]
    [InlineData(true, -1, 1, SslPolicyErrors.None, true)]
    [InlineData(false, -1, 1, SslPolicyErrors.RemoteCertificateChainErrors, false)]
    [InlineData(true, -3, -2, SslPolicyErrors.RemoteCertificateChainErrors, false)]
    [InlineData(true, -1, 1, SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch, false)]
    [InlineData(true, -1, 1, SslPolicyErrors.RemoteCertificateNameMismatch, false)]
    public void Verify_OwnAuthority_InDate_RightName_AndNothingElse(bool ownAuthority, int fromDays, int toDays, SslPolicyErrors errors, bool trusted)
    {
        using var authority = Authority();
        using var stranger = Authority();
        using var presented = Issue(authority, DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays));

        Assert.Equal(trusted, new ValkeyTrust((ownAuthority ? authority : stranger).ExportCertificatePem()).Verify(presented, errors));
    }

    [Fact]
    public void Verify_NoCertificate_IsRefused()
    {
        using var authority = Authority();

        Assert.False(new ValkeyTrust(authority.ExportCertificatePem()).Verify(presented: null, SslPolicyErrors.RemoteCertificateNotAvailable));
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256).Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
    }
}
