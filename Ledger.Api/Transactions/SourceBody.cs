namespace Ledger.Api.Transactions;

/// <summary>Where the money comes from.</summary>
internal sealed record SourceBody(IReadOnlyList<LegBody>? From = null);
