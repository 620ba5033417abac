using System.Security.Cryptography;
using System.Text;
using TenantManager.Api.Configuration;

namespace TenantManager.Api.Security;

/// <summary>The services' keys, compared in constant time: by hash, and always all of them.</summary>
internal sealed class ApiKeyRing(ManagerOptions options)
{
    private readonly byte[]? _console = options.ConsoleKey is { } key ? Hash(key) : null;
    private readonly byte[][] _hashes = [.. options.ApiKeys.Select(Hash)];

    public bool Holds(string presented)
    {
        var hash = Hash(presented);
        var found = false;
        foreach (var known in _hashes)
            found |= CryptographicOperations.FixedTimeEquals(known, hash);
        return found;
    }

    /// <summary>Whether it is the console's own.</summary>
    public bool IsConsole(string presented) => _console is not null && CryptographicOperations.FixedTimeEquals(_console, Hash(presented));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
