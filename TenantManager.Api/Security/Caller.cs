using TenantManager.Api.Keys;

namespace TenantManager.Api.Security;

/// <summary>Who calls: by which key, and for whom.</summary>
/// <param name="Actor">The key's name.</param>
/// <param name="KeyId">The key's id; null for a key of the environment, and for the service itself.</param>
/// <param name="Scopes">What the key may be used for.</param>
/// <param name="Services">The services that it may ask for; null for all.</param>
internal sealed record Caller(string Actor, string? KeyId, ApiScope Scopes, IReadOnlyList<string>? Services = null)
{
    public const string BootstrapName = "bootstrap";
    public const string ConsoleName = "console";

    /// <summary>A key of the environment. It may call everything, as ever; what changes state, with an administrator's token only.</summary>
    public static Caller Bootstrap { get; } = new(BootstrapName, KeyId: null, ApiScopes.All);

    /// <summary>The console, which has seen to it who its operators are and acts for one of them, whom it names.</summary>
    public static Caller Console { get; } = new(ConsoleName, KeyId: null, ApiScopes.All);

    /// <summary>The service itself, outside of any request.</summary>
    public static Caller System { get; } = new("system", KeyId: null, ApiScope.None);

    /// <summary>Whose token came with the call, or for whom the console acts; null when nobody is named.</summary>
    public string? Subject { get; init; }

    public bool IsBootstrap => KeyId is null && !IsConsole;

    public bool IsConsole => KeyId is null && Actor == ConsoleName;
}
