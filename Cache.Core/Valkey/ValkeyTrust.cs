using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cache.Core.Valkey;

/// <summary>Verifies Valkey's certificate against a private certificate authority: chain, dates and host name.</summary>
internal sealed class ValkeyTrust
{
    private readonly X509Certificate2Collection _authorities = [];

    public ValkeyTrust(string pem)
    {
        try
        {
            _authorities.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            throw new ValkeyConfigurationException("CACHE_CA_CERT_BASE64 holds a PEM certificate that cannot be read.", exception);
        }

        if (_authorities.Count == 0)
            throw new ValkeyConfigurationException("CACHE_CA_CERT_BASE64 holds no certificate.");
    }

    public bool Verify(X509Certificate? presented, SslPolicyErrors errors) => FindFault(presented, errors) is null;

    /// <summary>What is wrong with a certificate; null when it is to be trusted.</summary>
    public string? FindFault(X509Certificate? presented, SslPolicyErrors errors)
    {
        if (presented is null)
            return "the server shows no certificate.";

        // An unknown root is what the private authority is for; the name must match.
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return "the server's certificate is for another host name.";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
        if (chain.Build(certificate))
            return null;
        return Array.Exists(chain.ChainStatus, static fault => fault.Status == X509ChainStatusFlags.NotTimeValid)
            ? "the server's certificate, or the authority's, has expired or is not valid yet."
            : "the server's certificate is not of the given authority.";
    }
}
