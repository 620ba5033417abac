using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>Services that speak HTTP only.</summary>
public static class CertificateExtensions
{
    /// <summary>
    /// Says that a service without HTTPS endpoints takes no certificate. Otherwise Aspire offers it the development certificate, of
    /// which it has no use, and the dashboard warns on each page where there is none.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithoutCertificate(this IResourceBuilder<ProjectResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
#pragma warning disable ASPIRECERTIFICATES001 // experimental in Aspire
        return builder.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
    }
}
