using System.Security.Cryptography;
using System.Text;

namespace TenantManager.Api.Provisioning;

/// <summary>
/// What PostgreSQL stores of a password (RFC 5802, RFC 7677): enough to check a login, not enough to log in. Sent instead of
/// the password, so that no statement, log or trace of the server or the driver can hold it.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <param name="password">ASCII only: other characters would have to be normalised first.</param>
    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
