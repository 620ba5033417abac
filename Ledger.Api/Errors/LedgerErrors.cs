using TenantManager.Contracts;

namespace Ledger.Api.Errors;

/// <summary>The catalogue of refusals: each code is written here once.</summary>
internal static class LedgerErrors
{
    public static LedgerException UnknownCurrency(string code) =>
        Of(400, "0005", "Currency Code Unknown", $"An asset of the type 'currency' needs the code of a currency, and '{code}' is none: see /v1/reference/currencies.", "Asset");

    public static LedgerException NotFound(string entity) => Of(404, "0007", "Entity Not Found", $"There is no such {entity}.", entity);

    public static LedgerException InvalidFields(string entity, IReadOnlyDictionary<string, string> fields) =>
        new(400, new ApiError("0009", "Missing or Invalid Fields", $"Missing or invalid: {string.Join(", ", fields.Keys)}. See 'fields'.", entity, fields));

    public static LedgerException InvalidField(string entity, string field, string problem) =>
        InvalidFields(entity, new Dictionary<string, string>(StringComparer.Ordinal) { [field] = problem });

    public static LedgerException InsufficientFunds(string alias) => Of(422, "0018", "Insufficient Funds", $"The account '{alias}' does not have the funds.", "Transaction");

    public static LedgerException NotEligible(string alias, string why) => Of(422, "0019", "Account Not Eligible", $"The account '{alias}' {why}.", "Transaction");

    public static LedgerException AliasTaken(string alias) => Of(409, "0020", "Alias Taken", $"Another account of this ledger has the alias '{alias}': choose another one.", "Account");

    public static LedgerException CodeTaken(string code) => Of(409, "0003", "Asset Code Taken", $"This ledger already has an asset '{code}'.", "Asset");

    public static LedgerException UnknownAsset(string code) => Of(404, "0034", "Asset Code Not Found", $"This ledger has no asset '{code}'.", "Asset");

    public static LedgerException UnknownAssetType(string type, IEnumerable<string> known) =>
        Of(400, "0040", "Asset Type Unknown", $"There is no asset type '{type}': expected one of {string.Join(", ", known)}.", "Asset");

    public static LedgerException NotBalanced(string why) => Of(422, "0073", "Transaction Value Mismatch", $"Source and distribution do not add up to the value: {why}.", "Transaction");

    public static LedgerException KeyInUse() => Of(409, "0084", "Idempotency Key In Use", "This idempotency key was used with another request: send another key.", "Transaction");

    public static LedgerException UnknownAlias(string alias) => Of(404, "0085", "Account Alias Not Found", $"This ledger has no account '{alias}'.", "Account");

    public static LedgerException BalanceChanged() => Of(409, "0086", "Balance Changed", "A balance changed under the operation: send the request again.", "Transaction");

    public static LedgerException BothSides(string alias) => Of(422, "0090", "Account On Both Sides", $"The account '{alias}' is on both sides of the transaction.", "Transaction");

    public static LedgerException Unreadable(string message) => Of(400, "0094", "Body Not Readable", message);

    public static LedgerException TooLarge(string message) => Of(413, "0094", "Body Too Large", message);

    public static LedgerException WrongState(string entity, string state, string wanted) => Of(409, "0099", "Invalid State", $"The {entity} is {state} and cannot be {wanted}.", entity);

    public static LedgerException Unavailable() => Of(503, "SERVICE_UNAVAILABLE", "Service Unavailable", "Service temporarily unavailable");

    public static LedgerException Internal() => Of(500, "INTERNAL_ERROR", "Internal Server Error", "Internal server error");

    private static LedgerException Of(int status, string code, string title, string message, string? entity = null) =>
        new(status, new ApiError(code, title, message, entity));
}
