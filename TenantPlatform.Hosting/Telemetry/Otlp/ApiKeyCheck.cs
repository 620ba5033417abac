using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Compares the senders' key in constant time, whatever its length.</summary>
internal sealed class ApiKeyCheck(string? key)
{
    public const string Header = "x-otlp-api-key";

    private readonly byte[]? _expected = string.IsNullOrEmpty(key) ? null : Hash(key);

    public bool Accepts(HttpRequest request)
    {
        if (_expected is null)
            return true;
        var given = request.Headers[Header];
        return given.Count == 1 && given[0] is { } text && CryptographicOperations.FixedTimeEquals(Hash(text), _expected);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
