using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>What tells two requests with the same key apart: SHA-256 of method, path, query and body.</summary>
internal static class Fingerprint
{
    public static string Of(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method.ToUpperInvariant()}\n{request.PathBase}{request.Path}\n{request.QueryString}\n"));

        // What is no JSON counts byte by byte; the word before it keeps the two kinds apart.
        if (request.HasJsonContentType() && CanonicalJson.TryRewrite(body) is { } json)
        {
            hash.AppendData("json\n"u8);
            hash.AppendData(json.Span);
        }
        else
        {
            hash.AppendData("bytes\n"u8);
            hash.AppendData(body.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
