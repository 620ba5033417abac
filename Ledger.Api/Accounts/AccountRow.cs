namespace Ledger.Api.Accounts;

/// <summary>An account as it is stored.</summary>
internal sealed record AccountRow
{
    public Guid Id { get; init; }

    public Guid LedgerId { get; init; }

    public string Name { get; init; } = string.Empty;

    public string AssetCode { get; init; } = string.Empty;

    public string Type { get; init; } = string.Empty;

    public string Alias { get; init; } = string.Empty;

    public Guid? ParentAccountId { get; init; }

    public string? EntityId { get; init; }

    public Guid? PortfolioId { get; init; }

    public Guid? SegmentId { get; init; }

    public bool Blocked { get; init; }

    public string Status { get; init; } = string.Empty;

    public string? StatusDescription { get; init; }

    public string? Metadata { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
