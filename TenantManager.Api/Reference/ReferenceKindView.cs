namespace TenantManager.Api.Reference;

/// <summary>A kind of reference data, without its entries.</summary>
internal sealed record ReferenceKindView
{
    public string Kind { get; init; } = string.Empty;

    public long Revision { get; init; }

    public long Entries { get; init; }

    public DateTime ChangedAt { get; init; }
}
