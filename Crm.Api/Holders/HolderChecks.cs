using TenantManager.Contracts.Reference;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace Crm.Api.Holders;

/// <summary>What a holder's body must be.</summary>
internal static class HolderChecks
{
    /// <exception cref="ApiException">Something is wrong.</exception>
    public static void New(HolderBody body, ReferenceSet? countries)
    {
        var checks = new FieldChecks(HoldersApi.Entity).Required("name", body.Name)
            .That(HolderType.IsKnown(body.Type), "type", $"must be {HolderType.NaturalPerson} or {HolderType.LegalPerson}")
            .That(Document.IsUsable(body.Document), "document", "is required: at most 100 characters, letters or digits among them");
        Rest(checks, body, body.Type, countries).Done();
    }

    /// <exception cref="ApiException">Something is wrong.</exception>
    public static void Change(HolderBody body, string type, ReferenceSet? countries)
    {
        var checks = new FieldChecks(HoldersApi.Entity).That(body.Type is null, "type", "cannot be changed").That(body.Document is null, "document", "cannot be changed");
        if (body.Name is not null)
            checks.Required("name", body.Name);
        Rest(checks, body, type, countries).Done();
    }

    private static FieldChecks Rest(FieldChecks checks, HolderBody body, string? type, ReferenceSet? countries) => checks
        .Text("externalId", body.ExternalId).Texts("addresses", body.Addresses).Texts("contact", body.Contact)
        .Texts("naturalPerson", body.NaturalPerson).Texts("legalPerson", body.LegalPerson).Metadata("metadata", body.Metadata)
        .Country("addresses.primary.country", body.Addresses?.Primary, countries)
        .Country("addresses.additional1.country", body.Addresses?.Additional1, countries)
        .Country("addresses.additional2.country", body.Addresses?.Additional2, countries)
        .Email("contact.primaryEmail", body.Contact?.PrimaryEmail).Email("contact.secondaryEmail", body.Contact?.SecondaryEmail)
        .Email("legalPerson.representative.email", body.LegalPerson?.Representative?.Email)
        .Date("naturalPerson.birthDate", body.NaturalPerson?.BirthDate).Date("legalPerson.foundingDate", body.LegalPerson?.FoundingDate)
        .That(body.NaturalPerson is null || type == HolderType.NaturalPerson, "naturalPerson", $"is for holders of type {HolderType.NaturalPerson}")
        .That(body.LegalPerson is null || type == HolderType.LegalPerson, "legalPerson", $"is for holders of type {HolderType.LegalPerson}");
}
