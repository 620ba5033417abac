using TenantPlatform.ServiceKit.Errors;
using static TenantPlatform.ServiceKit.Errors.ApiErrors;

namespace Ledger.Api.Errors;

/// <summary>The ledger's own refusals: each code is written here once.</summary>
internal static class LedgerErrors
{
    public static ApiException UnknownCurrency(string code) =>
        Of(400, "0005", "Currency Code Unknown", $"An asset of the type 'currency' needs the code of a currency, and '{code}' is none: see /v1/reference/currencies.", "Asset");

    public static ApiException InsufficientFunds(string alias) => Of(422, "0018", "Insufficient Funds", $"The account '{alias}' does not have the funds.", "Transaction");

    public static ApiException NotEligible(string alias, string why) => Of(422, "0019", "Account Not Eligible", $"The account '{alias}' {why}.", "Transaction");

    public static ApiException AliasTaken(string alias) => Of(409, "0020", "Alias Taken", $"Another account of this ledger has the alias '{alias}': choose another one.", "Account");

    public static ApiException CodeTaken(string code) => Of(409, "0003", "Asset Code Taken", $"This ledger already has an asset '{code}'.", "Asset");

    public static ApiException UnknownAsset(string code) => Of(404, "0034", "Asset Code Not Found", $"This ledger has no asset '{code}'.", "Asset");

    public static ApiException NotBalanced(string why) => Of(422, "0073", "Transaction Value Mismatch", $"Source and distribution do not add up to the value: {why}.", "Transaction");

    public static ApiException KeyInUse() => Of(409, "0084", "Idempotency Key In Use", "This idempotency key was used with another request: send another key.", "Transaction");

    public static ApiException KeyTaken() => Of(409, "0084", "Idempotency Key In Use", "A request with this idempotency key was under way: send the request again with the same key.", "Transaction");

    public static ApiException UnknownAlias(string alias) => Of(404, "0085", "Account Alias Not Found", $"This ledger has no account '{alias}'.", "Account");

    public static ApiException BalanceChanged() => Of(409, "0086", "Balance Changed", "A balance changed under the operation: send the request again.", "Transaction");

    public static ApiException UnknownAssetType(string type, IEnumerable<string> known) =>
        Of(400, "0040", "Asset Type Unknown", $"There is no asset type '{type}': expected one of {string.Join(", ", known)}.", "Asset");

    public static ApiException BothSides(string alias) => Of(422, "0090", "Account On Both Sides", $"The account '{alias}' is on both sides of the transaction.", "Transaction");
}
