namespace TenantManager.Api.Keys;

/// <summary>A key as it is shown: not its text, nor anything to find that by.</summary>
internal sealed record ApiKeyView(
    string Id,
    string Name,
    string Status,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Services,
    DateTime CreatedAt,
    string CreatedBy,
    DateTime? ExpiresAt,
    DateTime? RevokedAt,
    DateTime? LastUsedAt,
    long Revision)
{
    public static ApiKeyView Of(ApiKeyRow row, TimeProvider time) => new(
        row.Id,
        row.Name,
        row.StatusAt(time.GetUtcNow()),
        row.Scopes,
        row.Services,
        row.CreatedAt,
        row.CreatedBy,
        row.ExpiresAt,
        row.RevokedAt,
        row.LastUsedAt,
        row.Revision);
}
