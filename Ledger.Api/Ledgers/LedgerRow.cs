namespace Ledger.Api.Ledgers;

/// <summary>A ledger as it is stored.</summary>
internal sealed record LedgerRow
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Name { get; init; } = string.Empty;

    public string Status { get; init; } = string.Empty;

    public string? StatusDescription { get; init; }

    public string? Metadata { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
