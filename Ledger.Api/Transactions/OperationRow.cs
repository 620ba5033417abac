using TenantPlatform.ServiceKit.Validation;


namespace Ledger.Api.Transactions;

/// <summary>What one transaction did to one balance.</summary>
internal sealed record OperationRow
{
    public const string Select =
        """
        select o.id, o.transaction_id, o.ledger_id, o.account_id, o.balance_id, a.alias, o.type, o.asset_code, trim_scale(o.amount) as amount,
            trim_scale(o.available_before) as available_before, trim_scale(o.available_after) as available_after,
            trim_scale(o.on_hold_before) as on_hold_before, trim_scale(o.on_hold_after) as on_hold_after,
            o.balance_version, o.description, o.chart_of_accounts, o.metadata, o.created_at
        from operations o join accounts a on a.id = o.account_id
        """;

    public Guid Id { get; init; }

    public Guid TransactionId { get; init; }

    public Guid LedgerId { get; init; }

    public Guid AccountId { get; init; }

    public Guid BalanceId { get; init; }

    public string Alias { get; init; } = string.Empty;

    public string Type { get; init; } = string.Empty;

    public string AssetCode { get; init; } = string.Empty;

    public decimal Amount { get; init; }

    public decimal AvailableBefore { get; init; }

    public decimal AvailableAfter { get; init; }

    public decimal OnHoldBefore { get; init; }

    public decimal OnHoldAfter { get; init; }

    /// <summary>The balance's version after the operation.</summary>
    public long BalanceVersion { get; init; }

    public string? Description { get; init; }

    public string? ChartOfAccounts { get; init; }

    public string? Metadata { get; init; }

    public DateTime CreatedAt { get; init; }

    public object Show() => new
    {
        Id,
        TransactionId,
        AccountId,
        accountAlias = Alias,
        BalanceId,
        Type,
        AssetCode,
        amount = new { value = Amount },
        balance = new { available = AvailableBefore, onHold = OnHoldBefore, version = BalanceVersion - 1 },
        balanceAfter = new { available = AvailableAfter, onHold = OnHoldAfter, version = BalanceVersion },
        Description,
        ChartOfAccounts,
        metadata = MetadataText.Show(Metadata),
        CreatedAt,
    };
}
