using System.Text;
using TenantManager.Contracts.Settings;

namespace TenantManager.Contracts.Tokens;

/// <summary>Reads <see cref="TokenVerificationOptions"/> from the <c>AUTH_*</c> settings, so that every service means the same by them.</summary>
public static class TokenSettings
{
    /// <summary>The required issuer.</summary>
    public const string Issuer = "AUTH_ISSUER";

    /// <summary>The required audience; absent: any.</summary>
    public const string Audience = "AUTH_AUDIENCE";

    /// <summary>The symmetric signing key; its UTF-8 bytes are the key, at least 32 of them.</summary>
    public const string SigningKey = "AUTH_SIGNING_KEY";

    /// <summary>A JSON Web Key Set as text.</summary>
    public const string Jwks = "AUTH_JWKS";

    /// <summary>The address of an OpenID Connect authority, whose metadata and keys are looked up.</summary>
    public const string Authority = "AUTH_AUTHORITY";

    /// <summary>Lets the authority be asked over <c>http</c>; refused outside Development.</summary>
    public const string AllowInsecureHttp = "AUTH_ALLOW_INSECURE_HTTP";

    /// <summary>Accepts unsigned tokens; refused outside Development.</summary>
    public const string AllowUnsigned = "AUTH_ALLOW_UNSIGNED";

    /// <summary>The issuer when none is configured.</summary>
    public const string DefaultIssuer = "tenant-platform";

    /// <summary>Reads and validates the settings.</summary>
    /// <param name="lookup">Returns a setting's text, or null when it is absent.</param>
    /// <param name="isDevelopment">Whether the process runs in the Development environment.</param>
    /// <exception cref="InvalidSettingException">A setting is missing or invalid.</exception>
    public static TokenVerificationOptions Read(Func<string, string?> lookup, bool isDevelopment)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        var options = new TokenVerificationOptions
        {
            Issuer = Text(lookup, Issuer) ?? DefaultIssuer,
            Audience = Text(lookup, Audience),
            SymmetricKey = ReadSigningKey(lookup),
            JwksJson = ReadJwks(lookup),
            Authority = ReadAuthority(lookup, isDevelopment),
            AuthorityIssuer = Text(lookup, Issuer),
            AllowUnsigned = ReadFlag(lookup, AllowUnsigned, isDevelopment, "anybody could pose as any tenant"),
        };
        if (options.SymmetricKey is null && options.JwksJson is null && options.Authority is null && !options.AllowUnsigned)
        {
            throw new InvalidSettingException(
                SigningKey,
                $"is not set, and neither are {Jwks} and {Authority}: bearer tokens can't be verified. Set one of them (in Development {AllowUnsigned}=true also works).");
        }

        return options;
    }

    private static string? Text(Func<string, string?> lookup, string name) => lookup(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static byte[]? ReadSigningKey(Func<string, string?> lookup)
    {
        if (lookup(SigningKey) is not { Length: > 0 } text)
            return null;
        var key = Encoding.UTF8.GetBytes(text);
        return key.Length >= TrustedKey.ShortestSymmetric
            ? key
            : throw new InvalidSettingException(SigningKey, $"is {key.Length} bytes long in UTF-8; at least {TrustedKey.ShortestSymmetric} are required.");
    }

    private static string? ReadJwks(Func<string, string?> lookup)
    {
        if (Text(lookup, Jwks) is not { } json)
            return null;
        try
        {
            _ = TrustedKey.OfSet(json);
            return json;
        }
        catch (FormatException e)
        {
            throw new InvalidSettingException(Jwks, $"is not a usable JSON Web Key Set: {e.Message}", e);
        }
    }

    private static Uri? ReadAuthority(Func<string, string?> lookup, bool isDevelopment)
    {
        var allowHttp = ReadFlag(lookup, AllowInsecureHttp, isDevelopment, "whoever can change what the authority answers could pose as any tenant");
        if (Text(lookup, Authority) is not { } text)
            return null;

        // Not repeated: it may hold a password, which belongs there no more than a query does.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var authority) || authority.Scheme is not ("http" or "https") || authority.UserInfo.Length + authority.Query.Length + authority.Fragment.Length > 0)
            throw new InvalidSettingException(Authority, "is not an address such as 'https://login.example.com/realms/bank', without user, query and fragment.");
        return authority.Scheme == Uri.UriSchemeHttps || allowHttp
            ? authority
            : throw new InvalidSettingException(Authority, $"starts with 'http://', so whoever can change its answers could pose as any tenant: use 'https://', or in Development {AllowInsecureHttp}=true.");
    }

    private static bool ReadFlag(Func<string, string?> lookup, string name, bool isDevelopment, string danger)
    {
        if (Text(lookup, name) is not { } text)
            return false;
        if (!bool.TryParse(text, out var allow))
            throw new InvalidSettingException(name, "must be true or false.");
        return allow && !isDevelopment
            ? throw new InvalidSettingException(name, $"is true outside the Development environment: {danger}. Remove it.")
            : allow;
    }
}
