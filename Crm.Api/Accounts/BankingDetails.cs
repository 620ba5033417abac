namespace Crm.Api.Accounts;

/// <summary>How the account is known to other banks.</summary>
internal sealed record BankingDetails(
    string? BankId = null, string? Branch = null, string? Account = null, string? Type = null, string? Iban = null, string? CountryCode = null, string? OpeningDate = null);
