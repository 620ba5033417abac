namespace Crm.Api.Holders;

/// <summary>What is known of a natural person beside the name.</summary>
internal sealed record NaturalPerson(
    string? FavoriteName = null,
    string? SocialName = null,
    string? Gender = null,
    string? BirthDate = null,
    string? CivilStatus = null,
    string? Nationality = null,
    string? MotherName = null,
    string? FatherName = null,
    string? Status = null);
