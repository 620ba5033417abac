using System.Text.Json;

namespace TenantManager.Contracts.Tokens;

/// <summary>What a verification found.</summary>
public readonly struct TokenVerification
{
    private TokenVerification(IReadOnlyDictionary<string, JsonElement>? claims, string? failure, bool isUndecided = false)
    {
        Claims = claims;
        Failure = failure;
        IsUndecided = isUndecided;
    }

    /// <summary>Whether the token is authentic and valid now.</summary>
    public bool IsValid => Claims is not null;

    /// <summary>Whether nobody can say yet: the authority's keys are not known. Not valid, but the same token may be later.</summary>
    public bool IsUndecided { get; }

    /// <summary>The claims of a valid token, otherwise null.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Claims { get; }

    /// <summary>Why the token was refused, for logs; never a part of the token.</summary>
    public string? Failure { get; }

    /// <summary>A valid token's result.</summary>
    public static TokenVerification Valid(IReadOnlyDictionary<string, JsonElement> claims) => new(claims, failure: null);

    /// <summary>A refused token's result.</summary>
    public static TokenVerification Invalid(string failure) => new(claims: null, failure);

    /// <summary>The result for a token of which nobody can say yet whether it is valid.</summary>
    public static TokenVerification Undecided(string failure) => new(claims: null, failure, isUndecided: true);

    /// <summary>A claim's text, or null when it is absent or not a string.</summary>
    public string? GetString(string claim) =>
        Claims is not null && Claims.TryGetValue(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
