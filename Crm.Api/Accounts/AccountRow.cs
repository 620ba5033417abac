namespace Crm.Api.Accounts;

/// <summary>A holder's account as it is stored: a link to an account of the ledger.</summary>
internal sealed record AccountRow
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid HolderId { get; init; }

    public Guid LedgerId { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>Whether the ledger has said that it has such an account.</summary>
    public bool IsConfirmed { get; init; }

    public int KeyVersion { get; init; }

    public byte[] Sealed { get; init; } = [];

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
