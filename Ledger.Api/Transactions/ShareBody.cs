namespace Ledger.Api.Transactions;

/// <summary>A share of the value; <see cref="PercentageOfPercentage"/> takes a share of the share.</summary>
internal sealed record ShareBody(decimal? Percentage = null, decimal? PercentageOfPercentage = null);
