namespace Crm.Api.Ledgers;

/// <summary>An account as the ledger tells of it.</summary>
internal sealed record LedgerAccount(string? Alias = null, string? AssetCode = null, string? Type = null, bool? Blocked = null);
