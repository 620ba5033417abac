namespace TenantManager.Contracts.Tokens;

/// <summary>Keys and expectations of a <see cref="TokenVerifier"/>.</summary>
public sealed class TokenVerificationOptions
{
    /// <summary>The required <c>iss</c> claim; null accepts any issuer.</summary>
    public string? Issuer { get; set; }

    /// <summary>The required <c>aud</c> claim; null accepts any audience.</summary>
    public string? Audience { get; set; }

    /// <summary>The symmetric key for HS256, HS384 and HS512, at least 32 bytes.</summary>
    public byte[]? SymmetricKey { get; set; }

    /// <summary>A JSON Web Key Set (RFC 7517) with RSA or EC public keys, as text.</summary>
    public string? JwksJson { get; set; }

    /// <summary>Accepts unsigned tokens. For local development only; says so loudly at start.</summary>
    public bool AllowUnsigned { get; set; }

    /// <summary>Tolerated clock difference.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}
