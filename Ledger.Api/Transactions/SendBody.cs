namespace Ledger.Api.Transactions;

/// <summary>How much of what goes from where to where.</summary>
internal sealed record SendBody(string? Asset = null, decimal? Value = null, SourceBody? Source = null, DistributeBody? Distribute = null);
