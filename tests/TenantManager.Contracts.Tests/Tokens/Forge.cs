using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace TenantManager.Contracts.Tests.Tokens;

/// <summary>Makes tokens of any shape, well formed or not.</summary>
internal static class Forge
{
    public const string Payload = """{"iss":"tenant-platform","exp":1893460000,"tenantId":"acme"}""";

    public static readonly byte[] Key = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Hmac(string payload = Payload, string? header = null, string algorithm = "HS256", byte[]? key = null)
    {
        var signed = $"{Encode(header ?? $$"""{"alg":"{{algorithm}}"}""")}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(Mac(algorithm, key ?? Key, Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Signed(string header, Func<byte[], byte[]> sign, string payload = Payload)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Unsigned(string payload = Payload, string algorithm = "none") => $"{Encode($$"""{"alg":"{{algorithm}}"}""")}.{Encode(payload)}.";

    private static byte[] Mac(string algorithm, byte[] key, byte[] data) => algorithm switch
    {
        "HS384" => HMACSHA384.HashData(key, data),
        "HS512" => HMACSHA512.HashData(key, data),
        _ => HMACSHA256.HashData(key, data),
    };
}
