using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TenantManager.Contracts.Tokens;

/// <summary>Verifies bearer tokens: signature, issuer, audience and times. Safe for concurrent use.</summary>
/// <remarks>
/// Signatures, issuers and audiences are checked by <c>Microsoft.IdentityModel.JsonWebTokens</c>. Compact JWS only (no encryption,
/// no <c>crit</c> extensions, no keys taken from a token), read strictly; which algorithm a key is for, the key says and not the token.
/// </remarks>
public sealed class TokenVerifier
{
    /// <summary>The longest accepted token, in characters.</summary>
    public const int MaxTokenLength = 16 * 1024;

    private const int MostRemembered = 4096;
    private const string NoKey = "no configured key fits its algorithm and key id";
    private const string Forged = "the signature does not match";
    private static readonly JsonWebTokenHandler Library = new() { MaximumTokenSizeInBytes = MaxTokenLength };

    private readonly RememberedTokens _remembered = new(MostRemembered);
    private readonly TrustedKeys _configured;
    private readonly AuthorityKeys? _authority;
    private readonly string? _audience;
    private readonly bool _allowUnsigned;
    private readonly TimeSpan _skew;
    private readonly TimeProvider _time;

    /// <summary>Creates a verifier.</summary>
    /// <param name="options">Keys and expectations; copied.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">The symmetric key is shorter than 32 bytes, or there is no key and unsigned tokens are refused too.</exception>
    /// <exception cref="FormatException">The key set is malformed or holds no usable key.</exception>
    public TokenVerifier(TokenVerificationOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var keys = new List<TrustedKey>();
        if (options.SymmetricKey is { } symmetric)
            keys.Add(TrustedKey.OfSymmetric(symmetric));
        if (options.JwksJson is { } jwks)
            keys.AddRange(TrustedKey.OfSet(jwks));
        if (keys.Count == 0 && options.Authority is null && !options.AllowUnsigned)
            throw new ArgumentException("There is no key to verify tokens with.", nameof(options));
        _configured = new TrustedKeys(keys, options.Issuer);
        _audience = options.Audience;
        _allowUnsigned = options.AllowUnsigned;
        _skew = options.ClockSkew;
        _time = time ?? TimeProvider.System;
        _authority = options.Authority is { } authority ? new AuthorityKeys(authority, options.AuthorityIssuer, _time) : null;
    }

    /// <summary>Verifies a compact token (without the word <c>Bearer</c>), with an authority's keys as last known. Never throws on bad input.</summary>
    public TokenVerification Verify(string? token) => Verify(token, _authority?.Known, "the authority has not been asked for its keys yet");

    /// <summary>Verifies likewise, and looks an authority's keys up when they are due. Never throws on bad input, nor when the authority is away.</summary>
    public async ValueTask<TokenVerification> VerifyAsync(string? token, CancellationToken cancellationToken = default)
    {
        // Until its keys are known, only a token that may be the authority's waits for it.
        if (_authority?.Known is null && Verify(token) is { IsUndecided: false } decided)
            return decided;
        var (keys, failure) = await _authority!.GetAsync(cancellationToken).ConfigureAwait(false);
        return Verify(token, keys, failure);
    }

    private TokenVerification Verify(string? token, TrustedKeys? authority, string? missing)
    {
        if (string.IsNullOrEmpty(token))
            return TokenVerification.Invalid("no token");
        if (token.Length > MaxTokenLength)
            return TokenVerification.Invalid($"longer than {MaxTokenLength} characters");
        if (_remembered.Find(token, authority) is { } known)
            return InTime(known.Times) is { } late ? TokenVerification.Invalid(late) : TokenVerification.Valid(known.Claims);
        if (TokenText.Read(token, out var failure) is not { } text)
            return TokenVerification.Invalid(failure);
        if (Check(token, text, authority) is { } refusal)
            return Refuse(refusal, text, authority, missing);
        if (InTime(text.Times) is { } untimely)
            return TokenVerification.Invalid(untimely);
        _remembered.Keep(token, new(authority, text.Times, text.Claims));
        return TokenVerification.Valid(text.Claims);
    }

    private string? InTime(TokenTimes times) => times.Refusal(_time.GetUtcNow(), _skew);

    /// <summary>Returns why a token is refused whatever the time is, or null when it is not.</summary>
    private string? Check(string token, TokenText text, TrustedKeys? authority)
    {
        if (text.Algorithm == SecurityAlgorithms.None)
        {
            if (!_allowUnsigned)
                return "unsigned";
            return text.IsSigned ? "an unsigned token with a signature" : Ask(token, _configured.Issuer, []);
        }

        var refusal = NoKey;
        foreach (var keys in (ReadOnlySpan<TrustedKeys?>)[_configured, authority])
        {
            if (keys?.Fitting(text) is { Count: > 0 } fitting && (refusal = Ask(token, keys.Issuer, fitting)) is null)
                return null;
        }

        return refusal;
    }

    /// <summary>A key that is not known may be one that the authority has begun to use.</summary>
    private TokenVerification Refuse(string refusal, TokenText text, TrustedKeys? authority, string? missing)
    {
        if (_authority is null || refusal is not (NoKey or Forged) || !TrustedKey.IsOfPublicKeys(text.Algorithm))
            return TokenVerification.Invalid(refusal);
        if (authority is null)
            return TokenVerification.Undecided(missing!);
        _authority.Renew();
        return TokenVerification.Invalid(refusal);
    }

    private string? Ask(string token, string? issuer, IReadOnlyList<SecurityKey> keys)
    {
        var asked = Library.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeyResolver = (_, _, _, _) => keys,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = keys.Count > 0,
            ValidateIssuer = issuer is not null,
            ValidIssuer = issuer,
            ValidateAudience = _audience is not null,
            ValidAudience = _audience,
            ValidateLifetime = false,
            LogValidationExceptions = false,
        });

        // There is nothing in it to wait for: keys and expectations are at hand.
        var result = asked.GetAwaiter().GetResult();
        return result.IsValid ? null : result.Exception switch
        {
            SecurityTokenInvalidIssuerException => "another issuer",
            SecurityTokenInvalidAudienceException => "another audience",
            SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => Forged,
            _ => "its claims cannot be read",
        };
    }
}
