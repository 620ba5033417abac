namespace Crm.Api.Holders;

/// <summary>What is known of a legal person beside the name.</summary>
internal sealed record LegalPerson(
    string? TradeName = null,
    string? Activity = null,
    string? Type = null,
    string? FoundingDate = null,
    string? Size = null,
    string? Status = null,
    Representative? Representative = null);
