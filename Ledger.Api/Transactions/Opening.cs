using Ledger.Api.Balances;
using Ledger.Api.Idempotency;

namespace Ledger.Api.Transactions;

/// <summary>What the first round trip of a transaction has found, and locked.</summary>
/// <param name="Now">The database's time; every statement of the transaction has the same.</param>
/// <param name="Earlier">What the request was answered before; then nothing more is to be done.</param>
/// <param name="Balances">The balances, locked.</param>
internal sealed record Opening(DateTime Now, StoredAnswer? Earlier, IReadOnlyList<BalanceRow> Balances);
