namespace Ledger.Api.Transactions;

/// <summary>Both sides of a transaction, each adding up to the value exactly.</summary>
internal sealed record Legs(IReadOnlyList<Leg> From, IReadOnlyList<Leg> To);
