using System.Text;

namespace TenantManager.Contracts.Tokens;

/// <summary>Verifies bearer tokens: signature, issuer, audience and times. Safe for concurrent use.</summary>
/// <remarks>
/// Written here because <c>Microsoft.IdentityModel.*</c> can't be restored on the build machines at a version without known
/// vulnerabilities. Deliberately small: compact JWS only (no encryption, no <c>crit</c> extensions, no keys taken from a token),
/// algorithms HS256/384/512 with the configured symmetric key, RS, PS and ES with the configured key set.
/// </remarks>
public sealed class TokenVerifier
{
    /// <summary>The longest accepted token, in characters.</summary>
    public const int MaxTokenLength = 16 * 1024;

    private readonly List<VerificationKey> _keys = [];
    private readonly ClaimChecks _checks;
    private readonly bool _allowUnsigned;

    /// <summary>Creates a verifier.</summary>
    /// <param name="options">Keys and expectations; copied.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">The symmetric key is shorter than 32 bytes, or there is no key and unsigned tokens are refused too.</exception>
    /// <exception cref="FormatException">The key set is malformed or holds no usable key.</exception>
    public TokenVerifier(TokenVerificationOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SymmetricKey is { } symmetric)
            _keys.Add(new HmacKey(symmetric));
        if (options.JwksJson is { } jwks)
            _keys.AddRange(JsonWebKeySet.Parse(jwks));
        if (_keys.Count == 0 && !options.AllowUnsigned)
            throw new ArgumentException("There is no key to verify tokens with.", nameof(options));
        _allowUnsigned = options.AllowUnsigned;
        _checks = new ClaimChecks(options, time ?? TimeProvider.System);
    }

    /// <summary>Verifies a compact token (without the word <c>Bearer</c>). Never throws on bad input.</summary>
    public TokenVerification Verify(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return TokenVerification.Invalid("no token");
        if (token.Length > MaxTokenLength)
            return TokenVerification.Invalid($"longer than {MaxTokenLength} characters");
        if (CompactToken.Read(token, out var failure) is not { } parts)
            return TokenVerification.Invalid(failure);
        if (!IsAuthentic(parts, out failure))
            return TokenVerification.Invalid(failure);
        if (CompactToken.ReadObject(parts.Payload) is not { } claims)
            return TokenVerification.Invalid("the payload is not a JSON object with unique names");
        return _checks.Check(claims) is { } refusal ? TokenVerification.Invalid(refusal) : TokenVerification.Valid(claims);
    }

    private bool IsAuthentic(CompactToken token, out string failure)
    {
        if (token.Algorithm == "none")
        {
            failure = _allowUnsigned ? "an unsigned token with a signature" : "unsigned";
            return _allowUnsigned && token.Signature.Length == 0;
        }

        var signed = Encoding.ASCII.GetBytes(token.Signed.ToArray());
        failure = "no configured key fits its algorithm and key id";
        foreach (var key in _keys)
        {
            // A token that names a key is checked with that one only; the symmetric key has no name.
            if (!key.Accepts(token.Algorithm) || (token.KeyId is not null && key.Id is not null && key.Id != token.KeyId))
                continue;
            if (key.Verify(token.Algorithm, signed, token.Signature))
                return true;
            failure = "the signature does not match";
        }

        return false;
    }
}
