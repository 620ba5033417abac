using System.Text.Json;

namespace Ledger.Api.Transactions;

/// <summary>The body of <c>POST …/transactions/json</c>.</summary>
internal sealed record TransactionBody(
    string? Description = null,
    string? Code = null,
    string? ChartOfAccountsGroupName = null,
    bool Pending = false,
    DateTimeOffset? TransactionDate = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null,
    SendBody? Send = null);
