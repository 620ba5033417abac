namespace TenantManager.Contracts.Tokens;

/// <summary>Keys and expectations of a <see cref="TokenVerifier"/>.</summary>
public sealed class TokenVerificationOptions
{
    /// <summary>The required <c>iss</c> claim of tokens signed with a key that is configured here; null accepts any issuer.</summary>
    public string? Issuer { get; set; }

    /// <summary>The required <c>aud</c> claim; null accepts any audience.</summary>
    public string? Audience { get; set; }

    /// <summary>The symmetric key for HS256, HS384 and HS512, at least 32 bytes.</summary>
    public byte[]? SymmetricKey { get; set; }

    /// <summary>A JSON Web Key Set (RFC 7517) with RSA or EC public keys, as text.</summary>
    public string? JwksJson { get; set; }

    /// <summary>
    /// An OpenID Connect authority whose published keys are accepted too. Over <c>http</c> only where nobody can change what
    /// it answers: who can, signs tokens.
    /// </summary>
    public Uri? Authority { get; set; }

    /// <summary>The required <c>iss</c> claim of tokens signed with the authority's keys; null: the one that its metadata name.</summary>
    public string? AuthorityIssuer { get; set; }

    /// <summary>Accepts unsigned tokens. For local development only; says so loudly at start.</summary>
    public bool AllowUnsigned { get; set; }

    /// <summary>Tolerated clock difference.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}
