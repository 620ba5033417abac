namespace TenantManager.Api.Tenants;

/// <summary>What became of a tenant.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">Its short name.</param>
/// <param name="Status">Its status.</param>
/// <param name="PurgeAt">When it is purged, if it is being deleted.</param>
internal sealed record TenantState(string Id, string Slug, string Status, DateTime? PurgeAt = null)
{
    public static TenantState Of(TenantRow row) => new(row.Id, row.Slug, row.Status, row.PurgeAt);
}
