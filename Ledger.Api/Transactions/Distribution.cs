using Ledger.Api.Accounts;
using Ledger.Api.Amounts;
using Ledger.Api.Errors;
using TenantPlatform.ServiceKit.Errors;

namespace Ledger.Api.Transactions;

/// <summary>Decides the amount of each leg of one side.</summary>
/// <remarks>
/// Shares are cut off after 18 decimals, never rounded up: no leg gets more than its share. What cutting off leaves over goes
/// to the leg that takes the remaining; without such a leg the side must add up by itself.
/// </remarks>
internal static class Distribution
{
    private const decimal Whole = 100m;

    /// <exception cref="ApiException">The side does not add up to the value.</exception>
    public static IReadOnlyList<Leg> Resolve(IReadOnlyList<LegBody> legs, decimal value)
    {
        var amounts = legs.Select(leg => leg.TakesRemaining ? 0 : leg.Amount?.Value ?? Share(value, leg.Share!)).ToArray();
        var left = value - amounts.Sum();
        var taker = legs.ToList().FindIndex(leg => leg.TakesRemaining);
        if (taker >= 0)
        {
            if (left <= 0)
                throw LedgerErrors.NotBalanced($"nothing remains for '{legs[taker].AccountAlias}'");
            amounts[taker] = left;
        }
        else if (left != 0)
        {
            throw LedgerErrors.NotBalanced($"one side adds up to {Amount.Format(value - left)}, not to {Amount.Format(value)}");
        }

        if (Array.Exists(amounts, amount => amount <= 0))
            throw LedgerErrors.NotBalanced("a share is too small to be an amount");
        return [.. legs.Select((leg, n) => new Leg(
            leg.AccountAlias!, leg.BalanceKey ?? AccountStore.DefaultBalance, amounts[n], leg.Description, leg.ChartOfAccounts, leg.Metadata))];
    }

    /// <summary>Exact: in units of 10^-18, by integers of any size.</summary>
    private static decimal Share(decimal value, ShareBody share)
    {
        var units = ToUnits(value) * ToUnits(share.Percentage!.Value) * ToUnits(share.PercentageOfPercentage ?? Whole);
        var divisor = ToUnits(Whole) * ToUnits(Whole);
        return FromUnits(System.Numerics.BigInteger.Divide(units, divisor));
    }

    private static System.Numerics.BigInteger ToUnits(decimal amount) =>
        (System.Numerics.BigInteger)decimal.Truncate(amount) * UnitsPerOne + (System.Numerics.BigInteger)((amount - decimal.Truncate(amount)) * 1_000_000_000_000_000_000m);

    private static decimal FromUnits(System.Numerics.BigInteger units)
    {
        var whole = System.Numerics.BigInteger.DivRem(units, UnitsPerOne, out var rest);
        return (decimal)whole + ((decimal)rest / 1_000_000_000_000_000_000m);
    }

    private static readonly System.Numerics.BigInteger UnitsPerOne = new(1_000_000_000_000_000_000L);
}
