namespace TenantManager.Api.Secrets;

/// <summary>
/// Where passwords of tenants' databases come from. Today the state holds them, encrypted; an external secret manager would stand
/// behind this with what the state holds as its reference, such as a path and a version.
/// </summary>
internal interface ISecretStore
{
    /// <summary>Reads a secret. Asked by one caller per secret at a time.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It cannot be opened.</exception>
    ValueTask<string> ReadAsync(SecretReference reference, CancellationToken cancellationToken);
}
