using Ledger.Api.Balances;
using Ledger.Api.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Transactions;

/// <summary>Locked balances while a transaction works on them. Pure: nothing is written until it is saved as a whole.</summary>
internal sealed class BalanceSheet
{
    private readonly Dictionary<(string Alias, string Key), BalanceRow> _balances;
    private readonly Guid _transaction;
    private readonly DateTime _now;
    private readonly List<OperationRow> _operations = [];

    /// <param name="balances">The balances, locked.</param>
    /// <param name="transaction">The transaction that works on them.</param>
    /// <param name="now">The database's time, which its operations bear.</param>
    public BalanceSheet(IEnumerable<BalanceRow> balances, Guid transaction, DateTime now)
    {
        _balances = balances.ToDictionary(balance => (balance.Alias, balance.Key));
        _transaction = transaction;
        _now = now;
    }

    public IReadOnlyList<OperationRow> Operations => _operations;

    public IReadOnlyList<BalanceRow> Changed =>
        [.. _balances.Values.Where(balance => _operations.Exists(operation => operation.BalanceId == balance.Id))];

    /// <summary>Money leaves an account.</summary>
    public void Debit(Leg leg, string asset) => Apply(leg, asset, OperationType.Debit, isSource: true, -leg.Amount, held: 0);

    /// <summary>Money comes to an account.</summary>
    public void Credit(Leg leg, string asset) => Apply(leg, asset, OperationType.Credit, isSource: false, leg.Amount, held: 0);

    /// <summary>Money is held at its source.</summary>
    public void Hold(Leg leg, string asset) => Apply(leg, asset, OperationType.Hold, isSource: true, -leg.Amount, leg.Amount);

    /// <summary>Held money leaves the account.</summary>
    public void DebitHeld(Leg leg, string asset) => Apply(leg, asset, OperationType.Debit, isSource: null, available: 0, -leg.Amount);

    /// <summary>Held money is given back.</summary>
    public void Release(Leg leg, string asset) => Apply(leg, asset, OperationType.Release, isSource: null, leg.Amount, -leg.Amount);

    private void Apply(Leg leg, string asset, string type, bool? isSource, decimal available, decimal held)
    {
        if (!_balances.TryGetValue((leg.Alias, leg.BalanceKey), out var before))
            throw LedgerErrors.UnknownAlias(leg.Alias);
        if (before.AssetCode != asset)
            throw LedgerErrors.NotEligible(leg.Alias, $"holds {before.AssetCode}, not {asset}");
        if (isSource is not null && before.Blocked)
            throw LedgerErrors.NotEligible(leg.Alias, "is blocked");
        if (isSource == true && !before.AllowSending)
            throw LedgerErrors.NotEligible(leg.Alias, "may not send");
        if (isSource == false && !before.AllowReceiving)
            throw LedgerErrors.NotEligible(leg.Alias, "may not receive");

        var after = before with { Available = before.Available + available, OnHold = before.OnHold + held, Version = before.Version + 1 };
        if (isSource == true && after.Available < 0 && !before.IsExternal)
            throw LedgerErrors.InsufficientFunds(leg.Alias);
        if (after.OnHold < 0)
            throw LedgerErrors.BalanceChanged();
        _balances[(leg.Alias, leg.BalanceKey)] = after;
        _operations.Add(new OperationRow
        {
            // In the order in which they were made, also within a millisecond: they are read in the order of their ids.
            Id = Guid.CreateVersion7(new DateTimeOffset(_now).AddMilliseconds(_operations.Count)),
            TransactionId = _transaction,
            LedgerId = before.LedgerId,
            AccountId = before.AccountId,
            BalanceId = before.Id,
            Alias = leg.Alias,
            Type = type,
            AssetCode = asset,
            Amount = leg.Amount,
            AvailableBefore = before.Available,
            AvailableAfter = after.Available,
            OnHoldBefore = before.OnHold,
            OnHoldAfter = after.OnHold,
            BalanceVersion = after.Version,
            Description = leg.Description,
            ChartOfAccounts = leg.ChartOfAccounts,
            Metadata = MetadataText.Of(leg.Metadata),
            CreatedAt = _now,
        });
    }
}
