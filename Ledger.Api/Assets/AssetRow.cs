namespace Ledger.Api.Assets;

/// <summary>An asset as it is stored.</summary>
internal sealed record AssetRow
{
    public Guid Id { get; init; }

    public Guid LedgerId { get; init; }

    public string Name { get; init; } = string.Empty;

    public string Type { get; init; } = string.Empty;

    public string Code { get; init; } = string.Empty;

    public string Status { get; init; } = string.Empty;

    public string? StatusDescription { get; init; }

    public string? Metadata { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
