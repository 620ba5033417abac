namespace Ledger.Api.Balances;

/// <summary>A balance with what its account says of it.</summary>
internal sealed record BalanceRow
{
    public Guid Id { get; init; }

    public Guid LedgerId { get; init; }

    public Guid AccountId { get; init; }

    public string Alias { get; init; } = string.Empty;

    public string Key { get; init; } = string.Empty;

    public string AssetCode { get; init; } = string.Empty;

    public string AccountType { get; init; } = string.Empty;

    public decimal Available { get; init; }

    public decimal OnHold { get; init; }

    public long Version { get; init; }

    public bool AllowSending { get; init; }

    public bool AllowReceiving { get; init; }

    public bool Blocked { get; init; }

    public bool IsExternal { get; init; }

    public string? Metadata { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
