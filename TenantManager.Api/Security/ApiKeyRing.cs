using System.Security.Cryptography;
using System.Text;
using TenantManager.Api.Configuration;

namespace TenantManager.Api.Security;

/// <summary>The services' keys, compared in constant time: by hash, and always all of them.</summary>
internal sealed class ApiKeyRing(ManagerOptions options)
{
    private readonly byte[][] _hashes = [.. options.ApiKeys.Select(Hash)];

    public bool Holds(string presented)
    {
        var hash = Hash(presented);
        var found = false;
        foreach (var known in _hashes)
            found |= CryptographicOperations.FixedTimeEquals(known, hash);
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
