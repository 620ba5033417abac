namespace TenantManager.Api.TenantSettings;

/// <summary>A tenant's settings, as the state and the cache have them.</summary>
internal sealed record TenantSettingsEntry
{
    public string TenantId { get; init; } = string.Empty;

    /// <summary>A JSON object, to the digit as it was given.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>The tenant's revision that the settings' latest change has made; 0 when nothing was ever set.</summary>
    public long Revision { get; init; }
}
