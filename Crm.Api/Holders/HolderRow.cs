namespace Crm.Api.Holders;

/// <summary>A holder as it is stored.</summary>
internal sealed record HolderRow
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Type { get; init; } = string.Empty;

    public int KeyVersion { get; init; }

    public byte[] Sealed { get; init; } = [];

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
