using Ledger.Api.Validation;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Transactions;

/// <summary>A transaction as it is stored.</summary>
internal sealed record TransactionRow
{
    public const string Columns =
        "id, ledger_id, description, code, chart_of_accounts_group_name, status, asset_code, trim_scale(amount) as amount, legs, metadata, transaction_date, created_at, updated_at";

    public Guid Id { get; init; }

    public Guid LedgerId { get; init; }

    public string? Description { get; init; }

    public string? Code { get; init; }

    public string? ChartOfAccountsGroupName { get; init; }

    public string Status { get; init; } = string.Empty;

    public string AssetCode { get; init; } = string.Empty;

    public decimal Amount { get; init; }

    /// <summary>Both sides as JSON, for commit and cancel.</summary>
    public string Legs { get; init; } = string.Empty;

    public string? Metadata { get; init; }

    public DateTime TransactionDate { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    public object Show(IEnumerable<OperationRow>? operations = null) => new
    {
        Id,
        LedgerId,
        Description,
        Code,
        ChartOfAccountsGroupName,
        status = new StatusBody(Status),
        AssetCode,
        Amount,
        metadata = MetadataText.Show(Metadata),
        TransactionDate,
        CreatedAt,
        UpdatedAt,
        operations = operations?.Select(operation => operation.Show()),
    };
}
