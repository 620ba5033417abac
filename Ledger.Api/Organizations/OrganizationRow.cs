namespace Ledger.Api.Organizations;

/// <summary>An organization as it is stored.</summary>
internal sealed record OrganizationRow
{
    public Guid Id { get; init; }

    public string LegalName { get; init; } = string.Empty;

    public string LegalDocument { get; init; } = string.Empty;

    public string? DoingBusinessAs { get; init; }

    public string Status { get; init; } = string.Empty;

    public string? StatusDescription { get; init; }

    public string? Metadata { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
