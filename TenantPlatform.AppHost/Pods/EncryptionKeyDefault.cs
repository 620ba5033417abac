using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace TenantPlatform.AppHost.Pods;

/// <summary>A new key of 256 bits with an id, in the form in which services take lists of keys: <c>id:base64key</c>.</summary>
internal sealed class EncryptionKeyDefault : ParameterDefault
{
    private const string Id = "first";
    private const int Bytes = 32;

    /// <inheritdoc />
    public override string GetDefaultValue() => $"{Id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))}";

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context) =>
        throw new NotSupportedException("A manifest cannot say how to make a key: whoever deploys gives it.");
}
