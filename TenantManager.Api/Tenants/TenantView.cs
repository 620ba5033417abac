using System.Text.Json;

namespace TenantManager.Api.Tenants;

/// <summary>A tenant as it is shown.</summary>
internal sealed record TenantView(
    string Id,
    string Slug,
    string Name,
    string Environment,
    string Isolation,
    string Status,
    string Tier,
    long Revision,
    IReadOnlyDictionary<string, string> Metadata,
    TenantOwnerView Owner,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime? PurgeAt)
{
    public static TenantView Of(TenantRow row) => new(
        row.Id,
        row.Slug,
        row.Name,
        row.Environment,
        row.Isolation,
        row.Status,
        row.Tier,
        row.Revision,
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.Metadata)!,
        new TenantOwnerView(row.OwnerEmail, row.OwnerEmailVerified),
        row.CreatedAt,
        row.UpdatedAt,
        row.PurgeAt);
}
