using System.Security.Cryptography;
using TenantManager.Api.Associations;

namespace TenantManager.Api.Secrets;

/// <summary>One version of an association's secret, as the state refers to it.</summary>
/// <param name="Owner">What it belongs to: tenant and service.</param>
/// <param name="Stored">What the state holds of it.</param>
internal sealed record SecretReference(string Owner, byte[] Stored)
{
    /// <summary>
    /// Another one for every rotation, whoever rotates, an instance of an earlier version too: a fingerprint of what is stored, which
    /// is encrypted with a new nonce each time. No counter does that.
    /// </summary>
    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Stored).AsSpan(0, 16));

    /// <summary>What it is cached under: a new version is looked for in another place than the one before it.</summary>
    public string CacheKey => $"{Owner}/{Version}";

    public static SecretReference Of(AssociationRow association) => new(association.SecretOwner, association.Password);
}
