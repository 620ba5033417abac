namespace TenantManager.Api.Associations;

/// <summary>States of an association that never show on the wire.</summary>
internal static class AssociationStatus
{
    /// <summary>Its database is being made. A repeated request goes on where a crash interrupted the first.</summary>
    public const string Provisioning = "provisioning";
}
