using Microsoft.IdentityModel.Tokens;

namespace TenantManager.Contracts.Tokens;

/// <summary>Keys that one issuer's tokens are checked with; any issuer's when it is null.</summary>
internal sealed record TrustedKeys(IReadOnlyList<TrustedKey> Keys, string? Issuer)
{
    /// <summary>The keys for a token. One that names a key is checked with that one only; keys without a name are always tried.</summary>
    public IReadOnlyList<SecurityKey> Fitting(TokenText token) =>
    [
        .. Keys.Where(key => key.Algorithms.Contains(token.Algorithm, StringComparer.Ordinal) && (token.KeyId is null || key.Id is null || key.Id == token.KeyId))
            .Select(key => key.Key),
    ];
}
