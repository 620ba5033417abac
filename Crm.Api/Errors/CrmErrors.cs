using TenantPlatform.ServiceKit.Errors;
using static TenantPlatform.ServiceKit.Errors.ApiErrors;

namespace Crm.Api.Errors;

/// <summary>The CRM's own refusals. None repeats what the request holds: it may be personal.</summary>
internal static class CrmErrors
{
    public static ApiException DocumentTaken() => Of(409, "CRM-0001", "Document Taken", "This organization has a holder with this document: look it up with POST …/holders/search.", "Holder");

    public static ApiException AccountTaken() => Of(409, "CRM-0002", "Account Linked", "This account of the ledger is linked to a holder already: delete that link first.", "Account");

    public static ApiException HasAccounts() => Of(409, "CRM-0003", "Holder Has Accounts", "The holder has accounts: delete its links first.", "Holder");

    public static ApiException UnknownInLedger() => Of(404, "CRM-0004", "Account Not In Ledger", "The ledger has no such account: check 'ledgerId' and 'accountId'.", "LedgerAccount");
}
