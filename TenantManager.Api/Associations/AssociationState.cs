namespace TenantManager.Api.Associations;

/// <summary>What became of an association.</summary>
internal sealed record AssociationState(string ServiceName, string Status)
{
    public static AssociationState Of(AssociationRow row) => new(row.Service, row.Status);
}
