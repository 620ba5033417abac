using System.Text.Json;

namespace Ledger.Api.Transactions;

/// <summary>One account's part with its amount decided.</summary>
internal sealed record Leg(
    string Alias,
    string BalanceKey,
    decimal Amount,
    string? Description,
    string? ChartOfAccounts,
    IReadOnlyDictionary<string, JsonElement>? Metadata);
