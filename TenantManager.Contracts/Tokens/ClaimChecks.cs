using System.Text.Json;

namespace TenantManager.Contracts.Tokens;

/// <summary>Checks the registered claims of an authentic token (RFC 7519, section 4.1).</summary>
internal sealed class ClaimChecks(TokenVerificationOptions options, TimeProvider time)
{
    private readonly string? _issuer = options.Issuer;
    private readonly string? _audience = options.Audience;
    private readonly double _skew = options.ClockSkew.TotalSeconds;

    /// <summary>Returns why the claims are refused, or null when they hold now.</summary>
    public string? Check(Dictionary<string, JsonElement> claims)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        if (Seconds(claims, "exp") is not { } expires)
            return "no expiry, or one that is not a number";
        if (now >= expires + _skew)
            return "expired";
        if (claims.ContainsKey("nbf"))
        {
            if (Seconds(claims, "nbf") is not { } notBefore)
                return "'nbf' is not a number";
            if (now < notBefore - _skew)
                return "not yet valid";
        }

        if (_issuer is not null && !(claims.TryGetValue("iss", out var issuer) && IsText(issuer, _issuer)))
            return "another issuer";
        return _audience is null || (claims.TryGetValue("aud", out var audience) && IsFor(audience, _audience)) ? null : "another audience";
    }

    private static double? Seconds(Dictionary<string, JsonElement> claims, string name) =>
        claims.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds)
            ? seconds
            : null;

    private static bool IsText(JsonElement value, string expected) => value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);

    private static bool IsFor(JsonElement audience, string expected) =>
        audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Any(a => IsText(a, expected)) : IsText(audience, expected);
}
