using System.Text.Json;

namespace Crm.Api.Accounts;

/// <summary>What is sealed of a holder's account.</summary>
internal sealed record AccountData(string? Type = null, BankingDetails? BankingDetails = null, IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
    /// <summary>What the body gives takes the place of what was.</summary>
    public AccountData With(AccountBody body) => new(body.Type ?? Type, body.BankingDetails ?? BankingDetails, body.Metadata ?? Metadata);

    // As of AccountBody.
    public override string ToString() => nameof(AccountData);
}
