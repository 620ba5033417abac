using System.Text.Json;

namespace Crm.Api.Accounts;

/// <summary>The body of POST and PATCH; PATCH leaves absent fields as they are, and does not change which account of the ledger it is.</summary>
internal sealed record AccountBody(
    string? LedgerId = null,
    string? AccountId = null,
    string? Type = null,
    BankingDetails? BankingDetails = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
    // A record would write out its fields wherever somebody puts it into a text.
    public override string ToString() => nameof(AccountBody);
}
