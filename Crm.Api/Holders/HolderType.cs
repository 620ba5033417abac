namespace Crm.Api.Holders;

/// <summary>What a holder is.</summary>
internal static class HolderType
{
    public const string NaturalPerson = "NATURAL_PERSON";
    public const string LegalPerson = "LEGAL_PERSON";

    public static bool IsKnown(string? type) => type is NaturalPerson or LegalPerson;
}
