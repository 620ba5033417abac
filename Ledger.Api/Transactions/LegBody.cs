using System.Text.Json;

namespace Ledger.Api.Transactions;

/// <summary>One account's part: an amount, a share, or what the others leave.</summary>
internal sealed record LegBody(
    string? AccountAlias = null,
    AmountBody? Amount = null,
    ShareBody? Share = null,
    JsonElement? Remaining = null,
    string? BalanceKey = null,
    string? Description = null,
    string? ChartOfAccounts = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
    /// <summary>Present and not false: this leg takes what the others leave.</summary>
    public bool TakesRemaining => Remaining is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined) };
}
