using System.Text;
using System.Text.Json;

namespace TenantManager.Contracts.Tokens;

/// <summary>Issues signed bearer tokens (RFC 7519, HS256) for development and tests. Safe for concurrent use.</summary>
public sealed class TokenIssuer
{
    private const string Algorithm = "HS256";
    private static readonly string Header = StrictBase64Url.Encode("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly string _issuer;
    private readonly HmacKey _key;
    private readonly TimeProvider _time;

    /// <summary>Creates an issuer.</summary>
    /// <param name="issuer">The <c>iss</c> claim.</param>
    /// <param name="signingKey">The symmetric key, at least 32 bytes (RFC 7518, section 3.2).</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">The key is shorter than 32 bytes.</exception>
    public TokenIssuer(string issuer, ReadOnlySpan<byte> signingKey, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        _issuer = issuer;
        _key = new HmacKey(signingKey);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Issues a token.</summary>
    /// <param name="claims">Claims besides <c>iss</c>, <c>iat</c>, <c>nbf</c> and <c>exp</c>, such as <c>tenantId</c> or <c>scope</c>.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <exception cref="ArgumentException">A claim is one of those that the issuer sets.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive.</exception>
    public string Issue(IReadOnlyDictionary<string, string> claims, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var now = _time.GetUtcNow();
        var payload = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = _issuer,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            if (!payload.TryAdd(name, value))
                throw new ArgumentException($"The claim '{name}' is set by the issuer.", nameof(claims));
        }

        var signed = $"{Header}.{StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(payload))}";
        return $"{signed}.{StrictBase64Url.Encode(_key.Sign(Algorithm, Encoding.ASCII.GetBytes(signed)))}";
    }
}
