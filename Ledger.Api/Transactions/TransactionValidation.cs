using Ledger.Api.Amounts;
using Ledger.Api.Errors;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Transactions;

/// <summary>What a transaction must look like before the database is asked anything.</summary>
internal static class TransactionValidation
{
    private const int MostLegs = 100;
    private const string Entity = "Transaction";

    /// <returns>Both sides, added up.</returns>
    /// <exception cref="ApiException">Something is wrong.</exception>
    public static Legs Check(TransactionBody body, DateTimeOffset now)
    {
        var checks = new FieldChecks(Entity)
            .Text("description", body.Description).Text("code", body.Code, 100).Text("chartOfAccountsGroupName", body.ChartOfAccountsGroupName)
            .Metadata("metadata", body.Metadata)
            .That(body.TransactionDate is null || body.TransactionDate <= now, "transactionDate", "must not be in the future")
            .Required("send.asset", body.Send?.Asset, 100)
            .That(body.Send?.Value is > 0, "send.value", "is required and must be above zero");
        CheckSide(checks, "send.source.from", body.Send?.Source?.From, body.Send?.Asset);
        CheckSide(checks, "send.distribute.to", body.Send?.Distribute?.To, body.Send?.Asset);
        checks.Done();

        var (value, from, to) = (body.Send!.Value!.Value, body.Send.Source!.From!, body.Send.Distribute!.To!);
        var both = from.Select(leg => leg.AccountAlias!).Intersect(to.Select(leg => leg.AccountAlias!), StringComparer.Ordinal).FirstOrDefault();
        if (both is not null)
            throw LedgerErrors.BothSides(both);
        return new Legs(Distribution.Resolve(from, value), Distribution.Resolve(to, value));
    }

    private static void CheckSide(FieldChecks checks, string side, IReadOnlyList<LegBody>? legs, string? asset)
    {
        checks.That(legs is { Count: > 0 and <= MostLegs }, side, $"is required, 1 to {MostLegs} legs");
        foreach (var (leg, n) in (legs ?? []).Take(MostLegs).Select((leg, n) => (leg, n)))
        {
            var field = $"{side}[{n}]";
            if (leg is null)
            {
                checks.That(holds: false, field, "must be an object");
                continue;
            }

            checks.Required($"{field}.accountAlias", leg.AccountAlias, 150).Text($"{field}.balanceKey", leg.BalanceKey, 100)
                .Text($"{field}.description", leg.Description).Text($"{field}.chartOfAccounts", leg.ChartOfAccounts).Metadata($"{field}.metadata", leg.Metadata);
            var ways = (leg.Amount is null ? 0 : 1) + (leg.Share is null ? 0 : 1) + (leg.TakesRemaining ? 1 : 0);
            checks.That(ways == 1, field, "needs exactly one of amount, share and remaining");
            if (leg.Amount is { } amount)
            {
                checks.That(amount.Value is > 0, $"{field}.amount.value", $"is required, above zero, and {Amount.Expected}")
                    .That(amount.Asset is null || amount.Asset == asset, $"{field}.amount.asset", "must be the asset of 'send'");
            }

            if (leg.Share is { } share)
            {
                checks.That(share.Percentage is > 0 and <= 100, $"{field}.share.percentage", "is required, above 0 and at most 100")
                    .That(share.PercentageOfPercentage is null or (> 0 and <= 100), $"{field}.share.percentageOfPercentage", "must be above 0 and at most 100");
            }
        }

        checks.That((legs ?? []).Count(leg => leg?.TakesRemaining == true) <= 1, side, "may have one leg that takes the remaining");
    }
}
