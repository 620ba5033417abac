namespace TenantManager.Api.Keys;

/// <summary>The states of a key, as they appear on the wire.</summary>
internal static class ApiKeyStatus
{
    public const string Active = "active";

    public const string Expired = "expired";

    public const string Revoked = "revoked";
}
