namespace Ledger.Api.Transactions;

/// <summary>An amount of an asset.</summary>
internal sealed record AmountBody(string? Asset = null, decimal? Value = null);
