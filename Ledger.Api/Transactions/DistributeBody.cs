namespace Ledger.Api.Transactions;

/// <summary>Where the money goes.</summary>
internal sealed record DistributeBody(IReadOnlyList<LegBody>? To = null);
