using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TenantManager.Contracts.Tokens;

/// <summary>Issues signed bearer tokens (RFC 7519, HS256) for development and tests. Safe for concurrent use.</summary>
public sealed class TokenIssuer
{
    private static readonly string[] Own = ["iss", "iat", "nbf", "exp"];
    private static readonly JsonWebTokenHandler Library = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly string _issuer;
    private readonly SigningCredentials _credentials;
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
        _credentials = new SigningCredentials(TrustedKey.Symmetric(signingKey), SecurityAlgorithms.HmacSha256);
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
        if (claims.Keys.FirstOrDefault(name => Own.Contains(name, StringComparer.Ordinal)) is { } taken)
            throw new ArgumentException($"The claim '{taken}' is set by the issuer.", nameof(claims));
        var now = _time.GetUtcNow().UtcDateTime;
        return Library.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = claims.ToDictionary(claim => claim.Key, object (claim) => claim.Value, StringComparer.Ordinal),
            SigningCredentials = _credentials,
        });
    }
}
